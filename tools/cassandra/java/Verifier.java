import java.util.HashSet;
import java.util.Set;

import org.apache.cassandra.db.ColumnFamilyStore;
import org.apache.cassandra.db.Directories;
import org.apache.cassandra.db.Keyspace;
import org.apache.cassandra.io.sstable.Component;
import org.apache.cassandra.io.sstable.Descriptor;
import org.apache.cassandra.io.sstable.IVerifier;
import org.apache.cassandra.io.sstable.format.SSTableReader;
import org.apache.cassandra.io.util.File;
import org.apache.cassandra.schema.KeyspaceMetadata;
import org.apache.cassandra.schema.KeyspaceParams;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.tools.Util;
import org.apache.cassandra.utils.OutputHandler;

/**
 * What sstableverify does with each SSTable, but with the table taken from the SSTable's own
 * header, so that no node's data folder is needed and one JVM can look at any number of tables.
 */
final class Verifier
{
    private Verifier()
    {
    }

    static int verify(String[] paths) throws Exception
    {
        int failed = 0;
        for (String path : paths)
            failed += verify(Descriptor.fromFileWithComponent(new File(path), false).left);
        return failed == 0 ? 0 : 1;
    }

    private static int verify(Descriptor descriptor) throws Exception
    {
        TableMetadata table = Util.metadataFromSSTable(descriptor);
        TableMetadataRef reference = TableMetadataRef.forOfflineTools(table);
        Keyspace keyspace = Keyspace.mockKS(KeyspaceMetadata.create(table.keyspace, KeyspaceParams.simple(1)));
        Directories directories = new Directories(table, Set.of(new Directories.DataDirectory(descriptor.directory)));
        ColumnFamilyStore store =
            ColumnFamilyStore.createColumnFamilyStore(keyspace, table.name, reference, directories, false, false, true);
        OutputHandler handler = new OutputHandler.SystemOutput(false, false);
        IVerifier.Options options =
            IVerifier.options().invokeDiskFailurePolicy(false).extendedVerification(true).checkVersion(false).build();
        Set<Component> components = new HashSet<>(descriptor.discoverComponents());
        SSTableReader reader = SSTableReader.openNoValidation(descriptor, components, store);
        try (IVerifier verifier = reader.getVerifier(store, handler, true, options))
        {
            verifier.verify();
            return 0;
        }
        catch (Exception e)
        {
            handler.warn(e, String.format("Error verifying %s: %s", reader, e.getMessage()));
            return 1;
        }
        finally
        {
            reader.selfRef().close();
        }
    }
}
