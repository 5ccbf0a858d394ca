package org.apache.cassandra.io.sstable;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;

import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.cql3.QueryOptions;
import org.apache.cassandra.cql3.QueryProcessor;
import org.apache.cassandra.cql3.UpdateParameters;
import org.apache.cassandra.cql3.statements.ModificationStatement;
import org.apache.cassandra.db.Clustering;
import org.apache.cassandra.db.Slice;
import org.apache.cassandra.db.partitions.PartitionUpdate;
import org.apache.cassandra.service.ClientState;

/** CQLSSTableWriter of 4.0 and 4.1, opened up to complete statements of any kind, also DELETE. */
final class LegacyWriter implements AutoCloseable
{
    private final CQLSSTableWriter owner;
    private final SSTableSimpleUnsortedWriter writer;

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
        writer = new SSTableSimpleUnsortedWriter(made.directory, made.metadata, made.metadata.get().regularAndStaticColumns(), 256);
    }

    void add(String cql) throws Exception
    {
        ClientState state = ClientState.forInternalCalls();
        ModificationStatement statement =
            (ModificationStatement) QueryProcessor.parseStatement(cql, state);
        QueryOptions options = QueryOptions.forInternalCalls(Collections.<ByteBuffer>emptyList());
        long now = System.currentTimeMillis();
        UpdateParameters parameters = new UpdateParameters(
            statement.metadata, statement.updatedColumns(), state, options, statement.getTimestamp(now * 1000, options),
            options.getNowInSec((int) (now / 1000)), statement.getTimeToLive(options), Collections.emptyMap());
        for (ByteBuffer key : statement.buildPartitionKeyNames(options, state))
        {
            PartitionUpdate.Builder update = writer.getUpdateFor(key);
            if (statement.hasSlices())
                for (Slice slice : statement.createSlices(options))
                    statement.addUpdateForKey(update, slice, parameters);
            else if (!statement.getRestrictions().hasClusteringColumnsRestrictions())
                statement.addUpdateForKey(update, Clustering.EMPTY, parameters);
            else
                for (Clustering<?> clustering : statement.createClustering(options, state))
                    statement.addUpdateForKey(update, clustering, parameters);
        }
    }

    @Override
    public void close() throws Exception
    {
        writer.close();
        owner.close();
    }
}
