package org.apache.cassandra.io.sstable;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;

import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.cql3.QueryOptions;
import org.apache.cassandra.cql3.QueryProcessor;
import org.apache.cassandra.cql3.UpdateParameters;
import org.apache.cassandra.cql3.statements.ModificationStatement;
import org.apache.cassandra.db.Clustering;
import org.apache.cassandra.db.DeletionTime;
import org.apache.cassandra.db.Slice;
import org.apache.cassandra.db.Slices;
import org.apache.cassandra.db.partitions.PartitionUpdate;
import org.apache.cassandra.db.rows.BTreeRow;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.service.ClientState;

/** CQLSSTableWriter of 3.11, opened up to complete statements of any kind, also DELETE. */
final class LegacyWriter implements AutoCloseable
{
    private final CQLSSTableWriter owner;
    private final SSTableSimpleUnsortedWriter writer;
    private final Method slices;

    /** types and table: CREATE statements; insert: any INSERT into it with a bind variable. */
    LegacyWriter(String folder, List<String> types, String table, String insert, String partitioner, int indexBytes)
        throws Exception
    {
        CQLSSTableWriter.Builder builder = CQLSSTableWriter.builder().inDirectory(folder);
        DatabaseDescriptor.setColumnIndexSize(indexBytes / 1024);
        for (String type : types)
            builder.withType(type);
        Class<?> ordering = Class.forName("org.apache.cassandra.dht." + partitioner);
        builder.withPartitioner((org.apache.cassandra.dht.IPartitioner) ordering.getField("instance").get(null));
        owner = builder.forTable(table).using(insert).build();
        // The writer that `using` made knows the columns of that one statement only.
        Field field = CQLSSTableWriter.class.getDeclaredField("writer");
        field.setAccessible(true);
        AbstractSSTableSimpleWriter made = (AbstractSSTableSimpleWriter) field.get(owner);
        writer = new SSTableSimpleUnsortedWriter(made.directory, made.metadata, made.metadata.partitionColumns(), 256);
        slices = ModificationStatement.class.getDeclaredMethod("createSlices", QueryOptions.class);
        slices.setAccessible(true);
    }

    /** text: a statement; SHADOWABLE before the DELETE of a row makes its deletion a view's kind. */
    void add(String text) throws Exception
    {
        boolean shadowable = text.startsWith("SHADOWABLE ");
        String cql = shadowable ? text.substring("SHADOWABLE ".length()) : text;
        ModificationStatement statement =
            (ModificationStatement) QueryProcessor.parseStatement(cql).prepare(ClientState.forInternalCalls()).statement;
        QueryOptions options = QueryOptions.forInternalCalls(Collections.<ByteBuffer>emptyList());
        long now = System.currentTimeMillis() * 1000;
        UpdateParameters parameters = new UpdateParameters(
            statement.cfm, statement.updatedColumns(), options, statement.getTimestamp(now, options),
            statement.getTimeToLive(options), Collections.emptyMap());
        for (ByteBuffer key : statement.buildPartitionKeyNames(options))
        {
            PartitionUpdate update = writer.getUpdateFor(key);
            if (shadowable)
                for (Clustering clustering : statement.createClustering(options))
                    update.add(shadowable(clustering, parameters.deletionTime()));
            else if (statement.hasSlices())
                for (Slice slice : (Slices) slices.invoke(statement, options))
                    statement.addUpdateForKey(update, slice, parameters);
            else if (!statement.getRestrictions().hasClusteringColumnsRestrictions())
                statement.addUpdateForKey(update, Clustering.EMPTY, parameters);
            else
                for (Clustering clustering : statement.createClustering(options))
                    statement.addUpdateForKey(update, clustering, parameters);
        }
    }

    private static Row shadowable(Clustering clustering, DeletionTime time)
    {
        Row.Builder builder = BTreeRow.sortedBuilder();
        builder.newRow(clustering);
        builder.addRowDeletion(Row.Deletion.shadowable(time));
        return builder.build();
    }

    @Override
    public void close() throws Exception
    {
        writer.close();
        owner.close();
    }
}
