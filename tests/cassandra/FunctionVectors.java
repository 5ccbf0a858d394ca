import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.cql3.functions.AggregateFunction;
import org.apache.cassandra.cql3.functions.Arguments;
import org.apache.cassandra.cql3.functions.Function;
import org.apache.cassandra.cql3.functions.FunctionName;
import org.apache.cassandra.cql3.functions.FunctionResolver;
import org.apache.cassandra.cql3.functions.ScalarFunction;
import org.apache.cassandra.db.marshal.AbstractType;
import org.apache.cassandra.db.marshal.TypeParser;
import org.apache.cassandra.transport.ProtocolVersion;
import org.apache.cassandra.utils.ByteBufferUtil;

/**
 * Asks Cassandra itself what its native functions give. Reads lines
 * "name TAB type;type TAB value,value;value,value TAB receiver", a row of arguments between
 * semicolons, values in hexadecimal, "-" for one without bytes and "null". Prints one JSON
 * object a line: see tests/unit/test_functions.py for how each is used.
 */
public class FunctionVectors
{
    private static final ProtocolVersion VERSION = ProtocolVersion.CURRENT;

    public static void main(String[] args) throws Exception
    {
        DatabaseDescriptor.clientInitialization(false);
        ObjectMapper mapper = new ObjectMapper();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine())
            out.println(mapper.writeValueAsString(answer(line.split("\t", -1))));
        out.flush();
        System.exit(0);
    }

    private static Map<String, Object> answer(String[] parts) throws Exception
    {
        Map<String, Object> answer = new LinkedHashMap<>();
        List<AbstractType<?>> types = new ArrayList<>();
        for (String name : parts[1].isEmpty() ? new String[0] : parts[1].split(";"))
            types.add(TypeParser.parse(name));
        AbstractType<?> receiver = parts[3].isEmpty() ? null : TypeParser.parse(parts[3]);
        Function function;
        try
        {
            function = FunctionResolver.get("ks", FunctionName.nativeFunction(parts[0]), types, "ks", "t", receiver);
        }
        catch (Throwable t)
        {
            answer.put("error", String.valueOf(t.getMessage()));
            return answer;
        }
        if (function == null)
            return answer;
        answer.put("function", function.toString());
        answer.put("arguments", names(function.argTypes()));
        answer.put("result", function.returnType().toString());
        answer.put("title", function.columnName(titles(types.size())));
        List<List<ByteBuffer>> rows = rows(parts[2]);
        if (function.isAggregate())
            answer.put("total", total((AggregateFunction) function, rows));
        else
            answer.put("values", values((ScalarFunction) function, rows));
        return answer;
    }

    private static List<String> names(List<AbstractType<?>> types)
    {
        List<String> names = new ArrayList<>();
        for (AbstractType<?> type : types)
            names.add(type.toString());
        return names;
    }

    private static List<String> titles(int count)
    {
        List<String> titles = new ArrayList<>();
        for (int i = 0; i < count; i++)
            titles.add("c" + i);
        return titles;
    }

    private static List<List<ByteBuffer>> rows(String text)
    {
        List<List<ByteBuffer>> rows = new ArrayList<>();
        for (String row : text.isEmpty() ? new String[0] : text.split(";"))
        {
            List<ByteBuffer> values = new ArrayList<>();
            for (String value : row.split(","))
                values.add(value.equals("null") ? null : ByteBufferUtil.hexToBytes(value.equals("-") ? "" : value));
            rows.add(values);
        }
        return rows;
    }

    private static List<Object> values(ScalarFunction function, List<List<ByteBuffer>> rows)
    {
        List<Object> results = new ArrayList<>();
        for (List<ByteBuffer> row : rows)
        {
            try
            {
                results.add(shown(function.execute(arguments(function, row))));
            }
            catch (Throwable t)
            {
                results.add(failed(t));
            }
        }
        return results;
    }

    private static Object total(AggregateFunction function, List<List<ByteBuffer>> rows)
    {
        try
        {
            AggregateFunction.Aggregate aggregate = function.newAggregate();
            for (List<ByteBuffer> row : rows)
                aggregate.addInput(arguments(function, row));
            return shown(aggregate.compute(VERSION));
        }
        catch (Throwable t)
        {
            return failed(t);
        }
    }

    private static Arguments arguments(Function function, List<ByteBuffer> row)
    {
        Arguments arguments = function.newArguments(VERSION);
        for (int i = 0; i < row.size(); i++)
            arguments.set(i, row.get(i) == null ? null : row.get(i).duplicate());
        return arguments;
    }

    private static String shown(ByteBuffer value)
    {
        return value == null ? null : ByteBufferUtil.bytesToHex(value);
    }

    private static Map<String, String> failed(Throwable t)
    {
        return Map.of("error", String.valueOf(t.getMessage()));
    }
}
