import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.Objects;

import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.db.marshal.AbstractType;
import org.apache.cassandra.db.marshal.CollectionType;
import org.apache.cassandra.db.marshal.UserType;
import org.apache.cassandra.db.rows.Cell;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.db.rows.Unfiltered;
import org.apache.cassandra.db.rows.UnfilteredRowIterator;
import org.apache.cassandra.io.sstable.Descriptor;
import org.apache.cassandra.io.sstable.ISSTableScanner;
import org.apache.cassandra.io.sstable.format.SSTableReader;
import org.apache.cassandra.io.util.File;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.tools.Util;

/**
 * Cassandra's own scanner in one process: each line of standard input is one scan of the SSTable.
 *
 * Argument: a Data.db. A scan reads the value of every clustering column and every cell; on the
 * line `bytes` to its length and last byte, on `typed` it becomes an object of its Java type.
 * Answers rows, wall seconds and CPU seconds of the thread.
 */
public final class Scanner
{
    private boolean typed;
    long rows;
    private long seen;

    public static void main(String[] arguments) throws Exception
    {
        DatabaseDescriptor.toolInitialization();
        Descriptor descriptor = Descriptor.fromFile(new File(arguments[0]));
        SSTableReader reader = SSTableReader.openNoValidation(
            null, descriptor, TableMetadataRef.forOfflineTools(Util.metadataFromSSTable(descriptor)));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Scanner scanner = new Scanner();
        for (String line = in.readLine(); line != null; line = in.readLine())
        {
            scanner.typed = line.equals("typed");
            scanner.rows = 0;
            long cpu = threads.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            scanner.scan(reader);
            System.out.printf("{\"rows\": %d, \"wall\": %.6f, \"cpu\": %.6f, \"seen\": %d}%n", scanner.rows,
                              (System.nanoTime() - start) / 1e9, (threads.getCurrentThreadCpuTime() - cpu) / 1e9, scanner.seen);
        }
        System.exit(0);
    }

    void scan(SSTableReader reader)
    {
        TableMetadata table = reader.metadata();
        try (ISSTableScanner partitions = reader.getScanner())
        {
            while (partitions.hasNext())
                try (UnfilteredRowIterator partition = partitions.next())
                {
                    see(partition.staticRow());
                    while (partition.hasNext())
                    {
                        Unfiltered next = partition.next();
                        if (next.isRow())
                        {
                            rows++;
                            for (int i = 0; i < next.clustering().size(); i++)
                                see(table.comparator.subtype(i), next.clustering().bufferAt(i));
                            see((Row) next);
                        }
                    }
                }
        }
    }

    void see(Row row)
    {
        for (Cell<?> cell : row.cells())
            see(cell);
    }

    private void see(Cell<?> cell)
    {
        AbstractType<?> type = cell.column().type;
        if (cell.path() != null && type instanceof UserType)
        {
            UserType fields = (UserType) type;
            type = fields.fieldType(fields.nameComparator().compose(cell.path().get(0)));
        }
        else if (cell.path() != null)
        {
            CollectionType<?> collection = (CollectionType<?>) type;
            see(collection.nameComparator(), cell.path().get(0));
            type = collection.valueComparator();
        }
        see(type, cell.buffer());
    }

    private void see(AbstractType<?> type, ByteBuffer value)
    {
        if (typed)
            seen += Objects.hashCode(type.compose(value));
        else
            see(value);
    }

    private void see(ByteBuffer value)
    {
        int length = value.remaining();
        seen += length == 0 ? 1 : length + value.get(value.limit() - 1);
    }
}
