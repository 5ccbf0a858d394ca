import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.cql3.functions.types.UserType;
import org.apache.cassandra.db.DecoratedKey;
import org.apache.cassandra.db.SerializationHeader;
import org.apache.cassandra.db.marshal.ByteBufferAccessor;
import org.apache.cassandra.db.marshal.CompositeType;
import org.apache.cassandra.db.rows.UnfilteredRowIterator;
import org.apache.cassandra.dht.Murmur3Partitioner;
import org.apache.cassandra.io.sstable.CQLSSTableWriter;
import org.apache.cassandra.io.sstable.Descriptor;
import org.apache.cassandra.io.sstable.ISSTableScanner;
import org.apache.cassandra.io.sstable.SSTableTxnWriter;
import org.apache.cassandra.io.sstable.SequenceBasedSSTableId;
import org.apache.cassandra.io.sstable.format.SSTableFormat;
import org.apache.cassandra.io.sstable.format.SSTableReader;
import org.apache.cassandra.io.util.File;
import org.apache.cassandra.schema.Schema;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.service.ActiveRepairService;
import org.apache.cassandra.utils.ByteBufferUtil;

/**
 * Writes one table of the benchmarks as one SSTable, with Cassandra's own writer.
 *
 * Arguments: iot, tiny, wide or collections; big or bti; a folder; the number of rows. The rows
 * come out the same each time, but for the paths of list elements, which hold the time of day.
 */
public final class TableMaker
{
    private static final long EPOCH = 1_700_006_400_000L;
    private static final long DAY = 86_400_000L;
    private static final int SENSORS = 100;
    private static final int ROWS_A_DAY = 1000;
    private static final String LZ4 = " WITH compression = {'class': 'LZ4Compressor', 'chunk_length_in_kb': 16}";
    private static final String[] STATES = {"operational", "operational", "operational", "operational", "calibrating", "battery low", "unreachable"};
    private static final String[] WORDS = {"alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"};

    private final SSTableFormat<?, ?> format;
    private final File draft;

    private TableMaker(SSTableFormat<?, ?> format, File draft)
    {
        this.format = format;
        this.draft = draft;
    }

    public static void main(String[] arguments) throws Exception
    {
        DatabaseDescriptor.toolInitialization();
        File folder = new File(arguments[2]);
        File draft = new File(folder, "draft");
        draft.tryCreateDirectories();
        SSTableFormat<?, ?> format = DatabaseDescriptor.getSSTableFormats().get(arguments[1]);
        TableMaker maker = new TableMaker(format, draft);
        int rows = Integer.parseInt(arguments[3]);
        switch (arguments[0])
        {
            case "iot":
                maker.iot(rows);
                break;
            case "tiny":
                maker.tiny(rows);
                break;
            case "wide":
                maker.wide(rows);
                break;
            case "collections":
                maker.collections(rows);
                break;
            default:
                throw new IllegalArgumentException(arguments[0]);
        }
        maker.rewrite(arguments[0], folder);
        draft.deleteRecursive();
        System.exit(0);
    }

    /** A sensor's day is a partition of a thousand readings, five measures each. */
    private void iot(int rows) throws Exception
    {
        int partitions = Math.max(1, rows / ROWS_A_DAY);
        try (CQLSSTableWriter writer = writer(
            "CREATE TABLE bench.iot (sensor text, day date, at timestamp, temperature double, humidity float,"
            + " battery int, packets bigint, state text, PRIMARY KEY ((sensor, day), at))" + LZ4,
            "INSERT INTO bench.iot (sensor, day, at, temperature, humidity, battery, packets, state)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?"))
        {
            for (int partition : inTokenOrder(partitions, n -> CompositeType.build(
                     ByteBufferAccessor.instance, sensor(n), day(n))))
            {
                Random random = new Random(partition);
                double temperature = 15 + 10 * random.nextDouble();
                double humidity = 40 + 30 * random.nextDouble();
                long packets = random.nextInt(1_000_000);
                int battery = 3000 + random.nextInt(1200);
                long start = EPOCH + (partition / SENSORS) * DAY;
                for (int i = 0; i < ROWS_A_DAY; i++)
                {
                    long at = start + i * (DAY / ROWS_A_DAY) + random.nextInt(1000);
                    temperature += random.nextGaussian() * 0.05;
                    humidity += random.nextGaussian() * 0.2;
                    packets += random.nextInt(20);
                    battery -= random.nextInt(16) == 0 ? 1 : 0;
                    writer.rawAddRow(
                        sensor(partition), day(partition), number(at),
                        ByteBufferUtil.bytes(Math.round(temperature * 100) / 100.0),
                        ByteBufferUtil.bytes(Math.round(humidity * 10) / 10f),
                        ByteBufferUtil.bytes(battery), number(packets),
                        text(STATES[random.nextInt(STATES.length)]), number(at * 1000 + random.nextInt(1000)));
                }
            }
        }
    }

    private static ByteBuffer sensor(int partition)
    {
        return text(String.format("sensor-%04d", partition % SENSORS));
    }

    private static ByteBuffer day(int partition)
    {
        return ByteBufferUtil.bytes((int) ((EPOCH / DAY + partition / SENSORS) - Integer.MIN_VALUE));
    }

    /** Each partition is one row, without clustering. */
    private void tiny(int rows) throws Exception
    {
        try (CQLSSTableWriter writer = writer(
            "CREATE TABLE bench.tiny (device text PRIMARY KEY, owner text, firmware int, seen timestamp)" + LZ4,
            "INSERT INTO bench.tiny (device, owner, firmware, seen) VALUES (?, ?, ?, ?) USING TIMESTAMP ?"))
        {
            for (int n : inTokenOrder(rows, TableMaker::device))
            {
                Random random = new Random(n);
                long seen = EPOCH + random.nextInt(1_000_000_000);
                writer.rawAddRow(device(n), text(word(random) + "-" + random.nextInt(10_000)),
                                 ByteBufferUtil.bytes(random.nextInt(40)), number(seen), number(seen * 1000));
            }
        }
    }

    private static ByteBuffer device(int n)
    {
        return text(String.format("device-%07d", n));
    }

    /** All rows in one partition, which gets a row index. */
    private void wide(int rows) throws Exception
    {
        Random random = new Random(1);
        try (CQLSSTableWriter writer = writer(
            "CREATE TABLE bench.wide (stream int, at timestamp, seq int, kind text static, value double, note text,"
            + " PRIMARY KEY (stream, at, seq))" + LZ4,
            "INSERT INTO bench.wide (stream, at, seq, kind, value, note) VALUES (?, ?, ?, ?, ?, ?) USING TIMESTAMP ?"))
        {
            for (int i = 0; i < rows; i++)
            {
                long at = EPOCH + i / 4 * 250L;
                writer.rawAddRow(ByteBufferUtil.bytes(1), number(at), ByteBufferUtil.bytes(i % 4), text("vibration"),
                                 ByteBufferUtil.bytes(random.nextGaussian()),
                                 text(word(random) + " " + word(random) + " " + random.nextInt(1000)), number(at * 1000));
            }
        }
    }

    /** Non-frozen collections and a user-defined type; twenty rows a partition. */
    private void collections(int rows) throws Exception
    {
        int width = 20;
        try (CQLSSTableWriter writer = writer(
            "CREATE TABLE bench.collections (tenant int, id int, tags set<text>, samples list<double>,"
            + " attributes map<text, int>, place place, PRIMARY KEY (tenant, id))" + LZ4,
            "INSERT INTO bench.collections (tenant, id, tags, samples, attributes, place)"
            + " VALUES (?, ?, ?, ?, ?, ?) USING TIMESTAMP ?"))
        {
            UserType place = writer.getUDType("place");
            for (int tenant : inTokenOrder(Math.max(1, rows / width), ByteBufferUtil::bytes))
            {
                Random random = new Random(tenant);
                for (int id = 0; id < width; id++)
                {
                    Set<String> tags = new TreeSet<>();
                    Map<String, Integer> attributes = new LinkedHashMap<>();
                    for (int i = random.nextInt(4); i >= 0; i--)
                    {
                        tags.add(word(random));
                        attributes.put(word(random), random.nextInt(1000));
                    }
                    List<Double> samples = Arrays.asList(random.nextGaussian(), random.nextGaussian(), random.nextGaussian());
                    writer.addRow(tenant, id, tags, samples, attributes,
                                  place.newValue().setString("street", word(random) + " street")
                                       .setInt("number", random.nextInt(200)),
                                  EPOCH * 1000 + random.nextInt(1_000_000));
                }
            }
        }
    }

    /**
     * Copies the draft as a compaction would: CQLSSTableWriter makes a Bloom filter for no keys,
     * and a header that knows no smallest timestamp.
     */
    private void rewrite(String table, File folder) throws Exception
    {
        TableMetadata metadata = Schema.instance.getTableMetadata("bench", table);
        TableMetadataRef reference = TableMetadataRef.forOfflineTools(metadata);
        File data = draft.list(file -> file.name().endsWith("-Data.db"))[0];
        SSTableReader reader = SSTableReader.openNoValidation(null, Descriptor.fromFile(data), reference);
        Descriptor target = new Descriptor(folder, "bench", table, new SequenceBasedSSTableId(1), format);
        SerializationHeader header = SerializationHeader.make(metadata, Set.of(reader));
        try (SSTableTxnWriter writer = SSTableTxnWriter.create(reference, target, reader.estimatedKeys(),
                 ActiveRepairService.UNREPAIRED_SSTABLE, ActiveRepairService.NO_PENDING_REPAIR, false, header, List.of(), null);
             ISSTableScanner scanner = reader.getScanner())
        {
            while (scanner.hasNext())
                try (UnfilteredRowIterator partition = scanner.next())
                {
                    writer.append(partition);
                }
            writer.finish(false);
        }
        reader.selfRef().release();
    }

    private CQLSSTableWriter writer(String table, String insert)
    {
        CQLSSTableWriter.Builder builder = CQLSSTableWriter.builder().inDirectory(draft).withFormat(format)
            .withPartitioner(Murmur3Partitioner.instance).sorted();
        if (table.contains("place place"))
            builder.withType("CREATE TYPE bench.place (street text, number int)");
        return builder.forTable(table).using(insert).build();
    }

    private interface Key
    {
        ByteBuffer of(int n);
    }

    private static int[] inTokenOrder(int partitions, Key key)
    {
        return IntStream.range(0, partitions).boxed()
            .map(n -> Map.entry(Murmur3Partitioner.instance.decorateKey(key.of(n)), n))
            .sorted(Comparator.comparing(Map.Entry<DecoratedKey, Integer>::getKey))
            .mapToInt(Map.Entry::getValue).toArray();
    }

    private static ByteBuffer text(String value)
    {
        return ByteBufferUtil.bytes(value);
    }

    private static ByteBuffer number(long value)
    {
        return ByteBufferUtil.bytes(value);
    }

    private static String word(Random random)
    {
        return WORDS[random.nextInt(WORDS.length)];
    }
}
