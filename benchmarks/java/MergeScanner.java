import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.db.partitions.PartitionIterator;
import org.apache.cassandra.db.partitions.UnfilteredPartitionIterators;
import org.apache.cassandra.db.rows.Cell;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.db.rows.RowIterator;
import org.apache.cassandra.io.sstable.Descriptor;
import org.apache.cassandra.io.sstable.ISSTableScanner;
import org.apache.cassandra.io.sstable.format.SSTableReader;
import org.apache.cassandra.io.util.File;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.tools.Util;

/**
 * Cassandra's own scanners of several SSTables, merged and without what is deleted or has expired:
 * each line of standard input is one scan of all of them.
 *
 * Arguments: Data.db of each SSTable. A scan reads the value of every clustering column and every
 * cell to its length and last byte. Answers rows, wall seconds and CPU seconds of the thread.
 */
public final class MergeScanner
{
    private long rows;
    private long seen;

    public static void main(String[] arguments) throws Exception
    {
        DatabaseDescriptor.toolInitialization();
        List<SSTableReader> readers = new ArrayList<>();
        TableMetadataRef table = null;
        for (String argument : arguments)
        {
            Descriptor descriptor = Descriptor.fromFile(new File(argument));
            if (table == null)
                table = TableMetadataRef.forOfflineTools(Util.metadataFromSSTable(descriptor));
            readers.add(SSTableReader.openNoValidation(null, descriptor, table));
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        MergeScanner scanner = new MergeScanner();
        while (in.readLine() != null)
        {
            scanner.rows = 0;
            long cpu = threads.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            scanner.scan(readers);
            System.out.printf("{\"rows\": %d, \"wall\": %.6f, \"cpu\": %.6f, \"seen\": %d}%n", scanner.rows,
                              (System.nanoTime() - start) / 1e9, (threads.getCurrentThreadCpuTime() - cpu) / 1e9, scanner.seen);
        }
        System.exit(0);
    }

    private void scan(List<SSTableReader> readers)
    {
        List<ISSTableScanner> scanners = new ArrayList<>();
        for (SSTableReader reader : readers)
            scanners.add(reader.getScanner());
        try (PartitionIterator partitions = UnfilteredPartitionIterators.filter(
                 UnfilteredPartitionIterators.merge(scanners, UnfilteredPartitionIterators.MergeListener.NOOP),
                 System.currentTimeMillis() / 1000))
        {
            while (partitions.hasNext())
                try (RowIterator partition = partitions.next())
                {
                    see(partition.staticRow());
                    while (partition.hasNext())
                    {
                        Row row = partition.next();
                        rows++;
                        for (int i = 0; i < row.clustering().size(); i++)
                            see(row.clustering().bufferAt(i));
                        see(row);
                    }
                }
        }
    }

    private void see(Row row)
    {
        for (Cell<?> cell : row.cells())
            see(cell.buffer());
    }

    private void see(ByteBuffer value)
    {
        int length = value.remaining();
        seen += length == 0 ? 1 : length + value.get(value.limit() - 1);
    }
}
