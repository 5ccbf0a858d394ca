import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.db.Clustering;
import org.apache.cassandra.db.DecoratedKey;
import org.apache.cassandra.db.SerializationHeader;
import org.apache.cassandra.db.Slice;
import org.apache.cassandra.db.Slices;
import org.apache.cassandra.db.filter.ColumnFilter;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.db.rows.Unfiltered;
import org.apache.cassandra.db.rows.UnfilteredRowIterator;
import org.apache.cassandra.io.sstable.Descriptor;
import org.apache.cassandra.io.sstable.ISSTableScanner;
import org.apache.cassandra.io.sstable.SSTableReadsListener;
import org.apache.cassandra.io.sstable.SSTableTxnWriter;
import org.apache.cassandra.io.sstable.SequenceBasedSSTableId;
import org.apache.cassandra.io.sstable.format.SSTableReader;
import org.apache.cassandra.io.util.File;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.service.ActiveRepairService;
import org.apache.cassandra.tools.Util;

/**
 * Cassandra's reads of an SSTable against those of its own copy of it.
 *
 * Arguments: a Data.db that someone else wrote; a folder, which gets what Cassandra's compaction
 * makes of that. Each line of standard input, "scan" of all rows or "rows" of single ones by their
 * keys, reads both in turn in this one process. Answers rows, wall and CPU seconds over the first,
 * CPU seconds over the copy as "own", and the first's CPU seconds by these as "ratio".
 */
public final class Reads
{
    private static final int TURNS = 2;
    private static final int EVERY = 50;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Scanner scanner = new Scanner();
    private final List<Map.Entry<DecoratedKey, Clustering<?>>> keys = new ArrayList<>();
    private final TableMetadataRef table;

    private Reads(TableMetadataRef table)
    {
        this.table = table;
    }

    public static void main(String[] arguments) throws Exception
    {
        DatabaseDescriptor.toolInitialization();
        DatabaseDescriptor.setColumnIndexSizeInKiB(-1); // What each format has by default.
        Descriptor descriptor = Descriptor.fromFile(new File(arguments[0]));
        Reads reads = new Reads(TableMetadataRef.forOfflineTools(Util.metadataFromSSTable(descriptor)));
        SSTableReader given = SSTableReader.openNoValidation(null, descriptor, reads.table);
        SSTableReader own = SSTableReader.openNoValidation(null, reads.copy(given, new File(arguments[1])), reads.table);
        reads.choose(given);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine())
            System.out.println(reads.compare(given, own, line.equals("scan")));
        System.exit(0);
    }

    /** What a compaction would write. */
    private Descriptor copy(SSTableReader source, File folder) throws Exception
    {
        TableMetadata metadata = table.get();
        Descriptor target = new Descriptor(folder, metadata.keyspace, metadata.name, new SequenceBasedSSTableId(1),
                                           source.descriptor.getFormat());
        SerializationHeader header = SerializationHeader.make(metadata, Set.of(source));
        try (SSTableTxnWriter writer = SSTableTxnWriter.create(table, target, source.estimatedKeys(),
                 ActiveRepairService.UNREPAIRED_SSTABLE, ActiveRepairService.NO_PENDING_REPAIR, false, header, List.of(), null);
             ISSTableScanner partitions = source.getScanner())
        {
            while (partitions.hasNext())
                try (UnfilteredRowIterator partition = partitions.next())
                {
                    writer.append(partition);
                }
            writer.finish(false);
        }
        return target;
    }

    /** Some rows in no order. */
    private void choose(SSTableReader reader)
    {
        int number = 0;
        try (ISSTableScanner partitions = reader.getScanner())
        {
            while (partitions.hasNext())
                try (UnfilteredRowIterator partition = partitions.next())
                {
                    while (partition.hasNext())
                    {
                        Unfiltered next = partition.next();
                        if (next.isRow() && number++ % EVERY == 0)
                            keys.add(Map.entry(partition.partitionKey(), ((Row) next).clustering()));
                    }
                }
        }
        Collections.shuffle(keys, new Random(1));
    }

    private String compare(SSTableReader given, SSTableReader own, boolean scan)
    {
        long[] cpu = new long[2];
        long[] wall = new long[2];
        scanner.rows = 0;
        for (int turn = 0; turn < 2 * TURNS; turn++)
        {
            // One, the other, the other, the one: neither is always the first.
            int which = (turn + turn / 2) % 2;
            long startCpu = threads.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            read(which == 0 ? given : own, scan);
            wall[which] += System.nanoTime() - start;
            cpu[which] += threads.getCurrentThreadCpuTime() - startCpu;
        }
        return String.format("{\"rows\": %d, \"wall\": %.6f, \"cpu\": %.6f, \"own\": %.6f, \"ratio\": %.4f}",
                             scanner.rows / 2, wall[0] / 1e9, cpu[0] / 1e9, cpu[1] / 1e9, (double) cpu[0] / cpu[1]);
    }

    private void read(SSTableReader reader, boolean scan)
    {
        if (scan)
            scanner.scan(reader);
        else
            for (Map.Entry<DecoratedKey, Clustering<?>> key : keys)
                find(reader, key.getKey(), key.getValue());
    }

    private void find(SSTableReader reader, DecoratedKey key, Clustering<?> clustering)
    {
        TableMetadata metadata = table.get();
        Slices slices = Slices.with(metadata.comparator, Slice.make(clustering));
        try (UnfilteredRowIterator found = reader.rowIterator(key, slices, ColumnFilter.all(metadata), false,
                                                              SSTableReadsListener.NOOP_LISTENER))
        {
            while (found.hasNext())
            {
                scanner.see((Row) found.next());
                scanner.rows++;
            }
        }
    }
}
