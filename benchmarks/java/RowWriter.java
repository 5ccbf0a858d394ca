import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import com.sun.management.OperatingSystemMXBean;

import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.db.marshal.AbstractType;
import org.apache.cassandra.db.marshal.CompositeType;
import org.apache.cassandra.db.rows.Cell;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.db.rows.UnfilteredRowIterator;
import org.apache.cassandra.dht.Murmur3Partitioner;
import org.apache.cassandra.io.sstable.CQLSSTableWriter;
import org.apache.cassandra.io.sstable.Descriptor;
import org.apache.cassandra.io.sstable.ISSTableScanner;
import org.apache.cassandra.io.sstable.format.SSTableReader;
import org.apache.cassandra.io.util.File;
import org.apache.cassandra.schema.ColumnMetadata;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.tools.Util;
import org.apache.cassandra.utils.ByteBufferUtil;

/**
 * Writes the rows of an SSTable without static columns with CQLSSTableWriter.
 *
 * Arguments: Data.db; the file with the CREATE TABLE; a folder. Rows are read once and kept. Each
 * line of standard input writes all of them to a new SSTable: "typed" from Java objects and "bytes"
 * from serialized values, when the writer is told that they are in order; "unsorted" from Java
 * objects when it is told nothing, which is how it is mostly used. It has a thread of its own to
 * write then, so that the processor time is that of the whole process.
 */
public final class RowWriter
{
    private static final long TIMESTAMP = 1_700_006_400_000_000L;

    private final List<Object[]> rows = new ArrayList<>();
    private final Path folder;
    private final String create;
    private TableMetadata table;

    private RowWriter(String create, Path folder)
    {
        this.create = create;
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception
    {
        DatabaseDescriptor.toolInitialization();
        RowWriter writer = new RowWriter(Files.readString(Path.of(arguments[1])), Path.of(arguments[2]));
        boolean wasTyped = false;
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        for (String line = in.readLine(); line != null; line = in.readLine())
        {
            boolean typed = !line.equals("bytes");
            boolean sorted = !line.equals("unsorted");
            if (writer.rows.isEmpty() || typed != wasTyped)
                writer.read(arguments[0], typed);
            wasTyped = typed;
            long cpu = sorted ? threads.getCurrentThreadCpuTime() : process.getProcessCpuTime();
            long start = System.nanoTime();
            File target = new File(Files.createTempDirectory(writer.folder, "written-"));
            writer.write(target, typed, sorted);
            long wall = System.nanoTime() - start;
            cpu = (sorted ? threads.getCurrentThreadCpuTime() : process.getProcessCpuTime()) - cpu;
            target.deleteRecursive();
            System.out.printf("{\"rows\": %d, \"wall\": %.6f, \"cpu\": %.6f}%n", writer.rows.size(), wall / 1e9, cpu / 1e9);
        }
        System.exit(0);
    }

    private CQLSSTableWriter open(File target, String insert, boolean sorted)
    {
        CQLSSTableWriter.Builder builder = CQLSSTableWriter.builder().inDirectory(target)
            .withPartitioner(Murmur3Partitioner.instance).forTable(create).using(insert);
        return (sorted ? builder.sorted() : builder).build();
    }

    /** All rows, with the values of all columns as {@link #types} has them. */
    private void read(String data, boolean typed) throws Exception
    {
        rows.clear();
        Descriptor descriptor = Descriptor.fromFile(new File(data));
        table = Util.metadataFromSSTable(descriptor);
        SSTableReader reader = SSTableReader.openNoValidation(null, descriptor, TableMetadataRef.forOfflineTools(table));
        try (ISSTableScanner partitions = reader.getScanner())
        {
            while (partitions.hasNext())
                try (UnfilteredRowIterator partition = partitions.next())
                {
                    ByteBuffer key = partition.partitionKey().getKey();
                    ByteBuffer[] parts = table.partitionKeyType instanceof CompositeType
                        ? ((CompositeType) table.partitionKeyType).split(key) : new ByteBuffer[]{key};
                    while (partition.hasNext())
                        rows.add(values((Row) partition.next(), parts, typed));
                }
        }
        reader.selfRef().release();
    }

    private Object[] values(Row row, ByteBuffer[] key, boolean typed)
    {
        List<ByteBuffer> found = new ArrayList<>(Arrays.asList(key));
        for (int i = 0; i < row.clustering().size(); i++)
            found.add(row.clustering().bufferAt(i));
        for (ColumnMetadata column : table.regularColumns())
        {
            Cell<?> cell = row.getCell(column);
            found.add(cell == null ? null : cell.buffer());
        }
        Object[] values = new Object[found.size() + 1];
        List<AbstractType<?>> types = types();
        for (int i = 0; i < found.size(); i++)
            values[i] = typed ? types.get(i).compose(found.get(i)) : ByteBufferUtil.getArray(found.get(i));
        values[found.size()] = typed ? (Object) TIMESTAMP : ByteBufferUtil.getArray(ByteBufferUtil.bytes(TIMESTAMP));
        return values;
    }

    /** Of the partition key's columns, which the SSTable does not name, the clustering and the regular columns. */
    private List<AbstractType<?>> types()
    {
        List<AbstractType<?>> types = new ArrayList<>(table.partitionKeyType.subTypes());
        if (types.isEmpty())
            types.add(table.partitionKeyType);
        types.addAll(table.comparator.subtypes());
        table.regularColumns().forEach(column -> types.add(column.type));
        return types;
    }

    private void write(File target, boolean typed, boolean sorted) throws Exception
    {
        try (CQLSSTableWriter writer = open(target, insert(), sorted))
        {
            for (Object[] row : rows)
                if (typed)
                    writer.addRow(row);
                else
                    writer.rawAddRow(Arrays.stream(row).map(value -> ByteBuffer.wrap((byte[]) value)).collect(Collectors.toList()));
        }
    }

    /** The names of the key's columns are only in the CREATE TABLE, where they come first. */
    private String insert()
    {
        String inner = create.substring(create.indexOf('(') + 1);
        String[] declared = inner.split(",");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < types().size() - table.regularColumns().size(); i++)
            names.add(declared[i].strip().split(" ")[0]);
        table.regularColumns().forEach(column -> names.add(column.name.toString()));
        String name = create.replaceFirst("(?s).*?CREATE TABLE ([^ (]+).*", "$1");
        return "INSERT INTO " + name + " (" + String.join(", ", names) + ") VALUES (" + "?, ".repeat(names.size() - 1)
               + "?) USING TIMESTAMP ?";
    }
}
