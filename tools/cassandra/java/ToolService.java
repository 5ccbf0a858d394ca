import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.Permission;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;

import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.tools.INodeProbeFactory;
import org.apache.cassandra.tools.NodeProbe;
import org.apache.cassandra.tools.NodeTool;
import org.apache.cassandra.tools.Output;
import org.apache.cassandra.tools.SSTableExport;
import org.apache.cassandra.tools.SSTableMetadataViewer;

/**
 * Runs Cassandra's own tools one after another in one warm JVM.
 *
 * A request is a line of percent-encoded fields between tabs: the tool, a file for its standard
 * output, a file for its standard error, its arguments. The answer is a line with its exit code.
 * Ends with its standard input, also in the middle of a request.
 */
public final class ToolService
{
    private static final String READER = "requests";

    private static final class Exit extends SecurityException
    {
        final int code;

        Exit(int code)
        {
            this.code = code;
        }
    }

    /** Turns a tool's System.exit into an exception and allows everything else. */
    private static final class NoExit extends SecurityManager
    {
        @Override
        public void checkExit(int code)
        {
            if (!Thread.currentThread().getName().equals(READER))
                throw new Exit(code);
        }

        @Override
        public void checkPermission(Permission permission)
        {
        }

        @Override
        public void checkPermission(Permission permission, Object context)
        {
        }
    }

    private static final class Probes implements INodeProbeFactory
    {
        @Override
        public NodeProbe create(String host, int port) throws IOException
        {
            return new NodeProbe(host, port);
        }

        @Override
        public NodeProbe create(String host, int port, String user, String password) throws IOException
        {
            return new NodeProbe(host, port, user, password);
        }
    }

    public static void main(String[] arguments) throws Exception
    {
        PrintStream answers = System.out;
        LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> read(requests), READER);
        reader.setDaemon(true);
        reader.start();

        System.setSecurityManager(new NoExit());
        DatabaseDescriptor.toolInitialization();
        while (true)
        {
            int code = answer(requests.take().split("\t", -1));
            answers.println(code);
            answers.flush();
        }
    }

    private static void read(LinkedBlockingQueue<String> requests)
    {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)))
        {
            for (String line = in.readLine(); line != null; line = in.readLine())
                requests.add(line);
        }
        catch (IOException e)
        {
            throw new UncheckedIOException(e);
        }
        finally
        {
            Runtime.getRuntime().halt(0);
        }
    }

    private static int answer(String[] fields) throws IOException
    {
        for (int i = 0; i < fields.length; i++)
            fields[i] = URLDecoder.decode(fields[i], StandardCharsets.UTF_8);
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream toolOut = new PrintStream(new FileOutputStream(fields[1]), false, StandardCharsets.UTF_8);
             PrintStream toolErr = new PrintStream(new FileOutputStream(fields[2]), false, StandardCharsets.UTF_8))
        {
            System.setOut(toolOut);
            System.setErr(toolErr);
            return run(fields[0], Arrays.copyOfRange(fields, 3, fields.length), toolErr);
        }
        finally
        {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static int run(String tool, String[] arguments, PrintStream err)
    {
        try
        {
            switch (tool)
            {
                case "sstabledump":
                    SSTableExport.main(arguments);
                    return 0;
                case "sstablemetadata":
                    SSTableMetadataViewer.main(arguments);
                    return 0;
                case "sstableverify":
                    return Verifier.verify(arguments);
                case "nodetool":
                    return new NodeTool(new Probes(), new Output(System.out, System.err)).execute(arguments);
                default:
                    err.println("no such tool: " + tool);
                    return 2;
            }
        }
        catch (Exit exit)
        {
            return exit.code;
        }
        catch (Throwable thrown)
        {
            thrown.printStackTrace(err);
            return 70;
        }
    }
}
