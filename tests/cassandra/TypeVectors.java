import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.db.marshal.AbstractType;
import org.apache.cassandra.db.marshal.TypeParser;
import org.apache.cassandra.dht.IPartitioner;
import org.apache.cassandra.dht.LocalPartitioner;
import org.apache.cassandra.transport.ProtocolVersion;
import org.apache.cassandra.utils.ByteBufferUtil;
import org.apache.cassandra.utils.FBUtilities;
import org.apache.cassandra.utils.bytecomparable.ByteComparable;
import org.apache.cassandra.utils.bytecomparable.ByteSource;

/**
 * Asks Cassandra itself what it makes of values. Reads lines "type|class TAB hex,hex,...",
 * with "partitioner" before a partitioner's class, and prints one JSON object a line:
 * see tests/unit/test_type_vectors.py for how each is used. An exception becomes
 * {"error": its class}.
 */
public class TypeVectors
{
    private static final int COMPARED = 40;

    public static void main(String[] args) throws Exception
    {
        DatabaseDescriptor.clientInitialization(false);
        ObjectMapper mapper = new ObjectMapper();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine())
        {
            String[] parts = line.split("\t", -1);
            List<ByteBuffer> values = new ArrayList<>();
            if (!parts[2].isEmpty())
                for (String hex : parts[2].split(",", -1))
                    values.add(ByteBufferUtil.hexToBytes(hex.equals("-") ? "" : hex));
            Object answer = parts[0].equals("partitioner") ? partitioner(parts[1], values) : type(parts[1], values);
            out.println(mapper.writeValueAsString(answer));
        }
        out.flush();
        System.exit(0);
    }

    private static Object type(String name, List<ByteBuffer> values)
    {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("type", name);
        AbstractType<?> type;
        try
        {
            type = TypeParser.parse(name);
        }
        catch (Throwable t)
        {
            answer.put("error", t.getClass().getSimpleName());
            return answer;
        }
        answer.put("marshal", ask(type::toString));
        answer.put("cql", ask(() -> type.asCQL3Type().toString()));
        answer.put("length", type.valueLengthIfFixed());
        answer.put("multi_cell", type.isMultiCell());
        answer.put("name_comparator", comparator(type, "nameComparator"));
        answer.put("value_comparator", comparator(type, "valueComparator"));
        List<Object> results = new ArrayList<>();
        for (ByteBuffer value : values)
            results.add(value(type, value));
        answer.put("values", results);
        answer.put("order", order(type, values.subList(0, Math.min(COMPARED, values.size()))));
        return answer;
    }

    private static Object value(AbstractType<?> type, ByteBuffer value)
    {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("hex", ByteBufferUtil.bytesToHex(value));
        answer.put("valid", ask(() -> { type.validate(value.duplicate()); return true; }));
        answer.put("json", ask(() -> type.toJSONString(value.duplicate(), ProtocolVersion.CURRENT)));
        Object string = ask(() -> type.getString(value.duplicate()));
        answer.put("string", string);
        answer.put("cql", ask(() -> type.toCQLString(value.duplicate())));
        answer.put("comparable", ask(() -> hex(type.asComparableBytes(value.duplicate(), ByteComparable.Version.OSS50))));
        if (string instanceof String)
            answer.put("parsed", ask(() -> ByteBufferUtil.bytesToHex(type.fromString((String) string))));
        return answer;
    }

    private static List<String> order(AbstractType<?> type, List<ByteBuffer> values)
    {
        List<String> rows = new ArrayList<>();
        for (ByteBuffer left : values)
        {
            StringBuilder row = new StringBuilder();
            for (ByteBuffer right : values)
            {
                try
                {
                    int c = type.compare(left.duplicate(), right.duplicate());
                    row.append(c < 0 ? '<' : c > 0 ? '>' : '=');
                }
                catch (Throwable t)
                {
                    row.append('!');
                }
            }
            rows.add(row.toString());
        }
        return rows;
    }

    private static Object comparator(AbstractType<?> type, String method)
    {
        try
        {
            Method found = type.getClass().getMethod(method);
            return found.invoke(type).toString();
        }
        catch (ReflectiveOperationException e)
        {
            return null;
        }
    }

    private static Object partitioner(String name, List<ByteBuffer> keys)
    {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("partitioner", name);
        IPartitioner partitioner = name.contains("(")
                                   ? new LocalPartitioner(TypeParser.parse(name.substring(name.indexOf('(') + 1, name.length() - 1)))
                                   : FBUtilities.newPartitioner(name);
        answer.put("class", partitioner.getClass().getName());
        List<Object> results = new ArrayList<>();
        for (ByteBuffer key : keys)
        {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("hex", ByteBufferUtil.bytesToHex(key));
            result.put("token", ask(() -> partitioner.getToken(key.duplicate()).toString()));
            result.put("comparable", ask(() -> hex(partitioner.decorateKey(key.duplicate()).asComparableBytes(ByteComparable.Version.OSS50))));
            results.add(result);
        }
        answer.put("keys", results);
        List<String> rows = new ArrayList<>();
        for (ByteBuffer left : keys)
        {
            StringBuilder row = new StringBuilder();
            for (ByteBuffer right : keys)
            {
                try
                {
                    int c = partitioner.decorateKey(left.duplicate()).compareTo(partitioner.decorateKey(right.duplicate()));
                    row.append(c < 0 ? '<' : c > 0 ? '>' : '=');
                }
                catch (Throwable t)
                {
                    row.append('!');
                }
            }
            rows.add(row.toString());
        }
        answer.put("order", rows);
        return answer;
    }

    private static String hex(ByteSource source)
    {
        if (source == null)
            return null;
        StringBuilder hex = new StringBuilder();
        for (int b = source.next(); b != ByteSource.END_OF_STREAM; b = source.next())
            hex.append(String.format("%02x", b));
        return hex.toString();
    }

    private static Object ask(Callable<?> question)
    {
        try
        {
            return question.call();
        }
        catch (Throwable t)
        {
            return Map.of("error", t.getClass().getSimpleName());
        }
    }
}
