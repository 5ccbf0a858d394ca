package org.apache.cassandra.io.sstable;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.List;

/**
 * Lets an older Cassandra release write SSTables from CQL statements.
 *
 * A request is a line of percent-encoded fields between tabs: an existing folder for the
 * SSTable, a partitioner's class name, bytes between row index entries, an INSERT with bind
 * variables, the number of types, and a file of statements between NUL characters: the CREATE
 * TYPEs, the CREATE TABLE, then what changes data. The answer is an empty line, or what failed.
 */
final class LegacyService
{
    private LegacyService()
    {
    }

    public static void main(String[] arguments) throws Exception
    {
        PrintStream answers = System.out;
        System.setOut(System.err);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)))
        {
            for (String line = in.readLine(); line != null; line = in.readLine())
            {
                answers.println(URLEncoder.encode(answer(line.split("\t", -1)), "UTF-8"));
                answers.flush();
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static String answer(String[] fields) throws Exception
    {
        for (int i = 0; i < fields.length; i++)
            fields[i] = URLDecoder.decode(fields[i], "UTF-8");
        byte[] bytes = Files.readAllBytes(Paths.get(fields[5]));
        List<String> cql = Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("\0"));
        int types = Integer.parseInt(fields[4]);
        String at = "";
        try (LegacyWriter writer = new LegacyWriter(fields[0], cql.subList(0, types), cql.get(types), fields[3],
                                                    fields[1], Integer.parseInt(fields[2])))
        {
            for (String statement : cql.subList(types + 1, cql.size()))
            {
                at = statement;
                writer.add(statement);
            }
            return "";
        }
        catch (Throwable thrown)
        {
            thrown.printStackTrace();
            return thrown + " at: " + at;
        }
    }
}
