/*
 * CQL 3 as Apache Cassandra 5.0 takes it.
 *
 * License: Apache-2.0
 *
 * Parsers are generated from this file by tools/codegen.py (ANTLR 4, see its plan). It has no
 * actions and no predicates, so any of ANTLR's targets can be made from it.
 *
 * Conventions: rules are in the order script and statements, parts of statements, names,
 * types, values, tokens. The comment before a statement names the class of
 * org.apache.cassandra.cql3.statements that it becomes in Cassandra. What the grammar accepts
 * is what Cassandra's own accepts, but for three things, each marked with "Wider:" where it is:
 * the parameters of types, names that Cassandra writes into schema.cql without quotes though
 * it does not read them so, and integers right before "..".
 */
grammar Cql;

options {
    caseInsensitive = true;
}

// ---------------------------------------------------------------------------------------------
// Scripts and statements
// ---------------------------------------------------------------------------------------------

/** A file such as a snapshot's schema.cql: statements with semicolons between them. */
script
    : statement? (';' statement?)* EOF
    ;

/** One statement, which may end in a semicolon (CqlParser.query). */
query
    : statement ';'* EOF
    ;

/** A type alone, as the columns `type` and `field_types` of system_schema have it. */
typeOnly
    : type EOF
    ;

/** A value alone (org.apache.cassandra.cql3.Term). */
termOnly
    : term EOF
    ;

statement
    : select
    | insert
    | update
    | delete
    | batch
    | use
    | truncate
    | createKeyspace
    | alterKeyspace
    | dropKeyspace
    | createTable
    | alterTable
    | dropTable
    | createType
    | alterType
    | dropType
    | createIndex
    | dropIndex
    | createView
    | alterView
    | dropView
    | createFunction
    | dropFunction
    | createAggregate
    | dropAggregate
    | createTrigger
    | dropTrigger
    | createRole
    | alterRole
    | dropRole
    | createUser
    | alterUser
    | dropUser
    | addIdentity
    | dropIdentity
    | grant
    | revoke
    | list
    | describe
    ;

/** UseStatement */
use
    : K_USE keyspaceName
    ;

/** TruncateStatement */
truncate
    : K_TRUNCATE K_TABLE? tableName
    ;

// ---------------------------------------------------------------------------------------------
// SELECT
// ---------------------------------------------------------------------------------------------

/** SelectStatement */
select
    : K_SELECT K_JSON? K_DISTINCT? selectors K_FROM tableName
      (K_WHERE where)?
      (K_GROUP K_BY selectable (',' selectable)*)?
      (K_ORDER K_BY ordering (',' ordering)*)?
      (K_PER K_PARTITION K_LIMIT partitionLimit=integer)?
      (K_LIMIT limit=integer)?
      (K_ALLOW K_FILTERING)?
    ;

/** What is asked for: all columns, or some (cql3.selection.RawSelector). */
selectors
    : '*'
    | selector (',' selector)*
    ;

selector
    : selectable (K_AS name)?
    ;

/** Anything that can be computed from a row (cql3.selection.Selectable), by precedence. */
selectable
    : selectableProduct (('+' | '-') selectableProduct)*
    ;

selectableProduct
    : selectableUnary (('*' | '/' | '%') selectableUnary)*
    ;

selectableUnary
    : '-'? selectablePrimary selectableModifier*
    ;

/** A field of a user-defined type, an element or a slice of a collection. */
selectableModifier
    : '.' name
    | '[' subscript ']'
    ;

/** Wider: the token of an integer before ".." says that the integer is no decimal point's. */
subscript
    : term (RANGE term?)?
    | RANGE term
    | INTEGER_RANGE term?
    ;

/** The type hint comes first: in doubt, parentheses around a name are one. */
selectablePrimary
    : '(' type ')' selectablePrimary                                     # selectTypeHint
    | '(' selectable (',' selectable)* ')'                               # selectTuple
    | '[' (selectable (',' selectable)*)? ']'                            # selectList
    | '{' (selectable ':' selectable
          (',' selectable ':' selectable)*)? '}'                         # selectMap
    | '{' selectable (',' selectable)* '}'                               # selectSet
    | K_COUNT '(' '*' ')'                                                # selectCountRows
    | metadata=(K_WRITETIME | K_MAXWRITETIME | K_TTL)
          '(' name selectableModifier* ')'                               # selectMetadata
    | K_CAST '(' selectable K_AS type ')'                                # selectCast
    | functionName '(' (selectable (',' selectable)*)? ')'               # selectFunction
    | literal                                                            # selectLiteral
    | name                                                               # selectColumn
    ;

/** An order of rows: by a column, or by distance to a vector (cql3.Ordering). */
ordering
    : columnName (K_ANN K_OF term)? (K_ASC | K_DESC)?
    ;

// ---------------------------------------------------------------------------------------------
// WHERE
// ---------------------------------------------------------------------------------------------

/** cql3.WhereClause */
where
    : relation (K_AND relation)*
    ;

/** cql3.Relation: SingleColumnRelation, MultiColumnRelation, TokenRelation, custom expressions. */
relation
    : columnName comparison term                                         # relationCompare
    | columnName K_LIKE term                                             # relationLike
    | columnName K_IS K_NOT K_NULL                                       # relationNotNull
    | columnName K_IN inValues                                           # relationIn
    | columnName contains term                                           # relationContains
    | columnName '[' term ']' comparison term                            # relationElement
    | K_TOKEN columnNames comparison term                                # relationToken
    | columnNames comparison (tupleLiteral | bindMarker)                 # relationTuple
    | columnNames K_IN inTuples                                          # relationTupleIn
    | EXPR_START indexName ',' term ')'                                  # relationExpression
    | '(' relation ')'                                                   # relationNested
    ;

columnNames
    : '(' columnName (',' columnName)* ')'
    ;

comparison
    : '='
    | '<'
    | '<='
    | '>'
    | '>='
    | '!='
    ;

contains
    : K_CONTAINS K_KEY?
    ;

inValues
    : bindMarker
    | '(' (term (',' term)*)? ')'
    ;

inTuples
    : bindMarker
    | '(' ')'
    | '(' tupleLiteral (',' tupleLiteral)* ')'
    | '(' bindMarker (',' bindMarker)* ')'
    ;

// ---------------------------------------------------------------------------------------------
// INSERT, UPDATE, DELETE, BATCH
// ---------------------------------------------------------------------------------------------

/** UpdateStatement.ParsedInsert and ParsedInsertJson */
insert
    : K_INSERT K_INTO tableName
      (columnNames K_VALUES '(' term (',' term)* ')' | K_JSON jsonValue jsonDefault?)
      ifNotExists? using?
    ;

jsonValue
    : STRING_LITERAL
    | bindMarker
    ;

jsonDefault
    : K_DEFAULT (K_NULL | K_UNSET)
    ;

/** UpdateStatement.ParsedUpdate */
update
    : K_UPDATE tableName using? K_SET assignment (',' assignment)* K_WHERE where onlyIf?
    ;

/** cql3.Operation.RawUpdate; `a = a -1` has its sign within the integer. */
assignment
    : columnName '=' term ('+' columnName)?                              # assign
    | columnName '=' columnName ('+' | '-') term                         # assignSum
    | columnName '=' columnName INTEGER                                  # assignSigned
    | columnName ('+=' | '-=') term                                      # assignShort
    | columnName '[' term ']' '=' term                                   # assignElement
    | columnName '.' name '=' term                                       # assignField
    ;

/** DeleteStatement */
delete
    : K_DELETE (deletion (',' deletion)*)? K_FROM tableName
      (K_USING K_TIMESTAMP integer)? K_WHERE where onlyIf?
    ;

/** cql3.Operation.RawDeletion */
deletion
    : columnName ('[' term ']' | '.' name)?
    ;

/** BatchStatement */
batch
    : K_BEGIN (K_UNLOGGED | K_COUNTER)? K_BATCH using?
      ((insert | update | delete) ';'?)*
      K_APPLY K_BATCH
    ;

/** cql3.Attributes */
using
    : K_USING attribute (K_AND attribute)*
    ;

attribute
    : (K_TIMESTAMP | K_TTL) integer
    ;

onlyIf
    : K_IF (K_EXISTS | condition (K_AND condition)*)
    ;

/** cql3.conditions.ColumnCondition */
condition
    : columnName ('[' term ']' | '.' name)? (comparison term | K_IN inValues)
    | columnName contains term
    ;

ifExists
    : K_IF K_EXISTS
    ;

ifNotExists
    : K_IF K_NOT K_EXISTS
    ;

// ---------------------------------------------------------------------------------------------
// Keyspaces
// ---------------------------------------------------------------------------------------------

/** CreateKeyspaceStatement */
createKeyspace
    : K_CREATE K_KEYSPACE ifNotExists? keyspaceName K_WITH properties
    ;

/** AlterKeyspaceStatement */
alterKeyspace
    : K_ALTER K_KEYSPACE ifExists? keyspaceName K_WITH properties
    ;

/** DropKeyspaceStatement */
dropKeyspace
    : K_DROP K_KEYSPACE ifExists? keyspaceName
    ;

/** cql3.statements.PropertyDefinitions */
properties
    : property (K_AND property)*
    ;

property
    : name '=' (constant | mapLiteral | unreservedKeyword)
    ;

// ---------------------------------------------------------------------------------------------
// Tables
// ---------------------------------------------------------------------------------------------

/** CreateTableStatement; a comma may come after the last column. */
createTable
    : K_CREATE K_TABLE ifNotExists? tableName
      '(' tableElement (',' tableElement?)* ')'
      (K_WITH tableOption (K_AND tableOption)*)?
    ;

tableElement
    : columnDefinition (K_PRIMARY K_KEY)?
    | primaryKey
    ;

columnDefinition
    : definedName type K_STATIC? mask?
    ;

/** A masking function that queries apply (cql3.functions.masking.ColumnMask). */
mask
    : K_MASKED K_WITH (K_DEFAULT | functionName '(' (term (',' term)*)? ')')
    ;

primaryKey
    : K_PRIMARY K_KEY '(' partitionKey (',' definedName)* ')'
    ;

partitionKey
    : definedName
    | '(' definedName (',' definedName)* ')'
    ;

/** COMPACT STORAGE is read for tables of Cassandra 3 and earlier. */
tableOption
    : K_COMPACT K_STORAGE
    | K_CLUSTERING K_ORDER K_BY '(' clusteringOrder (',' clusteringOrder)* ')'
    | property
    ;

clusteringOrder
    : definedName (K_ASC | K_DESC)
    ;

/** AlterTableStatement; DROP … USING TIMESTAMP is how schema.cql tells of dropped columns. */
alterTable
    : K_ALTER K_TABLE ifExists? tableName tableAlteration
    ;

tableAlteration
    : K_ALTER definedName K_TYPE type                                    # alterColumnType
    | K_ALTER ifExists? definedName (mask | K_DROP K_MASKED)             # alterColumnMask
    | K_ADD ifNotExists?
          (columnDefinition | '(' columnDefinition (',' columnDefinition)* ')')
                                                                         # addColumns
    | K_DROP ifExists? (definedName | '(' definedName (',' definedName)* ')')
          (K_USING K_TIMESTAMP INTEGER)?                                 # dropColumns
    | K_DROP K_COMPACT K_STORAGE                                         # dropCompactStorage
    | K_RENAME ifExists? renaming (K_AND renaming)*                      # renameColumns
    | K_WITH properties                                                  # alterOptions
    ;

renaming
    : definedName K_TO definedName
    ;

/** DropTableStatement */
dropTable
    : K_DROP K_TABLE ifExists? tableName
    ;

// ---------------------------------------------------------------------------------------------
// User-defined types
// ---------------------------------------------------------------------------------------------

/** CreateTypeStatement */
createType
    : K_CREATE K_TYPE ifNotExists? userTypeName '(' fieldDefinition (',' fieldDefinition?)* ')'
    ;

fieldDefinition
    : definedName type
    ;

/** AlterTypeStatement */
alterType
    : K_ALTER K_TYPE ifExists? userTypeName
      ( K_ALTER definedName K_TYPE type
      | K_ADD ifNotExists? fieldDefinition
      | K_RENAME ifExists? renaming (K_AND renaming)*
      )
    ;

/** DropTypeStatement */
dropType
    : K_DROP K_TYPE ifExists? userTypeName
    ;

// ---------------------------------------------------------------------------------------------
// Indexes, materialized views, functions, aggregates, triggers
// ---------------------------------------------------------------------------------------------

/** CreateIndexStatement; CUSTOM or not, USING names a class, 'sai' among them. */
createIndex
    : K_CREATE K_CUSTOM? K_INDEX ifNotExists? indexName? K_ON tableName
      '(' (indexTarget (',' indexTarget)*)? ')'
      (K_USING STRING_LITERAL)? (K_WITH properties)?
    ;

/** cql3.statements.schema.IndexTarget */
indexTarget
    : columnName
    | (K_VALUES | K_KEYS | K_ENTRIES | K_FULL) '(' columnName ')'
    ;

/** DropIndexStatement */
dropIndex
    : K_DROP K_INDEX ifExists? qualifiedIndexName
    ;

/** CreateViewStatement */
createView
    : K_CREATE K_MATERIALIZED K_VIEW ifNotExists? tableName
      K_AS K_SELECT selectors K_FROM tableName (K_WHERE where)?
      primaryKey (K_WITH tableOption (K_AND tableOption)*)?
    ;

/** AlterViewStatement */
alterView
    : K_ALTER K_MATERIALIZED K_VIEW ifExists? tableName K_WITH properties
    ;

/** DropViewStatement */
dropView
    : K_DROP K_MATERIALIZED K_VIEW ifExists? tableName
    ;

/** CreateFunctionStatement */
createFunction
    : K_CREATE (K_OR K_REPLACE)? K_FUNCTION ifNotExists? functionName
      '(' (argument (',' argument)*)? ')'
      (K_RETURNS K_NULL | K_CALLED) K_ON K_NULL K_INPUT
      K_RETURNS type K_LANGUAGE IDENT K_AS STRING_LITERAL
    ;

argument
    : name type
    ;

/** DropFunctionStatement */
dropFunction
    : K_DROP K_FUNCTION ifExists? functionName signature?
    ;

/** Types of arguments, which tell functions of one name apart. */
signature
    : '(' (type (',' type)*)? ')'
    ;

/** CreateAggregateStatement */
createAggregate
    : K_CREATE (K_OR K_REPLACE)? K_AGGREGATE ifNotExists? functionName signature
      K_SFUNC simpleFunctionName K_STYPE type
      (K_FINALFUNC simpleFunctionName)? (K_INITCOND term)?
    ;

/** DropAggregateStatement */
dropAggregate
    : K_DROP K_AGGREGATE ifExists? functionName signature?
    ;

/** CreateTriggerStatement */
createTrigger
    : K_CREATE K_TRIGGER ifNotExists? name K_ON tableName K_USING STRING_LITERAL
    ;

/** DropTriggerStatement */
dropTrigger
    : K_DROP K_TRIGGER ifExists? name K_ON tableName
    ;

// ---------------------------------------------------------------------------------------------
// Roles, permissions, DESCRIBE
// ---------------------------------------------------------------------------------------------

/** CreateRoleStatement */
createRole
    : K_CREATE K_ROLE ifNotExists? roleName (K_WITH roleOption (K_AND roleOption)*)?
    ;

/** AlterRoleStatement */
alterRole
    : K_ALTER K_ROLE ifExists? roleName (K_WITH roleOption (K_AND roleOption)*)?
    ;

/** DropRoleStatement */
dropRole
    : K_DROP K_ROLE ifExists? roleName
    ;

roleOption
    : K_HASHED? K_PASSWORD '=' STRING_LITERAL
    | K_OPTIONS '=' mapLiteral
    | (K_SUPERUSER | K_LOGIN) '=' BOOLEAN
    | K_ACCESS K_TO (K_ALL K_DATACENTERS | K_DATACENTERS strings)
    | K_ACCESS K_FROM (K_ALL K_CIDRS | K_CIDRS strings)
    ;

strings
    : '{' STRING_LITERAL (',' STRING_LITERAL)* '}'
    ;

/** CreateRoleStatement, in the words of old */
createUser
    : K_CREATE K_USER ifNotExists? userName userOptions
    ;

/** AlterRoleStatement, in the words of old */
alterUser
    : K_ALTER K_USER ifExists? userName userOptions
    ;

/** DropRoleStatement, in the words of old */
dropUser
    : K_DROP K_USER ifExists? userName
    ;

userOptions
    : (K_WITH K_HASHED? K_PASSWORD STRING_LITERAL)? (K_SUPERUSER | K_NOSUPERUSER)?
    ;

/** AddIdentityStatement */
addIdentity
    : K_ADD K_IDENTITY ifNotExists? userName K_TO K_ROLE userName
    ;

/** DropIdentityStatement */
dropIdentity
    : K_DROP K_IDENTITY ifExists? userName
    ;

/** GrantPermissionsStatement, GrantRoleStatement */
grant
    : K_GRANT permissions K_ON resource K_TO roleName
    | K_GRANT roleName K_TO roleName
    ;

/** RevokePermissionsStatement, RevokeRoleStatement */
revoke
    : K_REVOKE permissions K_ON resource K_FROM roleName
    | K_REVOKE roleName K_FROM roleName
    ;

/** ListRolesStatement, ListUsersStatement, ListPermissionsStatement */
list
    : K_LIST K_ROLES (K_OF roleName)? K_NORECURSIVE?
    | K_LIST K_USERS
    | K_LIST permissions (K_ON resource)? (K_OF roleName)? K_NORECURSIVE?
    ;

permissions
    : K_ALL K_PERMISSIONS?
    | permission K_PERMISSION? (',' permission K_PERMISSION?)*
    ;

permission
    : K_CREATE
    | K_ALTER
    | K_DROP
    | K_SELECT
    | K_MODIFY
    | K_AUTHORIZE
    | K_DESCRIBE
    | K_EXECUTE
    | K_UNMASK
    | K_SELECT_MASKED
    ;

/** org.apache.cassandra.auth.IResource */
resource
    : K_ALL (K_KEYSPACES | K_MBEANS | K_ROLES)
    | K_ALL (K_TABLES | K_FUNCTIONS) K_IN K_KEYSPACE keyspaceName
    | K_ALL K_FUNCTIONS
    | K_KEYSPACE keyspaceName
    | K_ROLE roleName
    | K_FUNCTION functionName signature
    | (K_MBEAN | K_MBEANS) STRING_LITERAL
    | K_TABLE? tableName
    ;

/** DescribeStatement */
describe
    : (K_DESCRIBE | K_DESC)
      ( K_CLUSTER
      | K_FULL? K_KEYSPACE
      | K_KEYSPACES
      | K_ONLY? K_KEYSPACE keyspaceName?
      | K_TABLES
      | (K_TABLE | K_INDEX | K_MATERIALIZED K_VIEW) tableName
      | K_TYPES
      | K_TYPE userTypeName
      | K_FUNCTIONS
      | K_AGGREGATES
      | (K_FUNCTION | K_AGGREGATE) functionName
      | tableName
      )
      (K_WITH K_INTERNALS)?
    ;

// ---------------------------------------------------------------------------------------------
// Names
// ---------------------------------------------------------------------------------------------

/** A column of a statement; those of legacy tables may have an empty name. */
columnName
    : EMPTY_QUOTED_NAME
    | name
    ;

/**
 * A column or field where it is defined. Wider: Cassandra's schema.cql leaves names that read
 * as booleans or durations, such as `true` and `p1d`, without quotes.
 */
definedName
    : name
    | BOOLEAN
    | DURATION
    ;

/** Unquoted names are in lower case, whatever their case (cql3.ColumnIdentifier). */
name
    : IDENT
    | QUOTED_NAME
    | unreservedKeyword
    ;

keyspaceName
    : name
    | QMARK
    ;

/** cql3.QualifiedName */
tableName
    : (keyspaceName '.')? (name | QMARK)
    ;

indexName
    : name
    | QMARK
    ;

qualifiedIndexName
    : (keyspaceName '.')? indexName
    ;

/** cql3.UTName */
userTypeName
    : (name '.')? name
    ;

/** cql3.functions.FunctionName */
functionName
    : (keyspaceName '.')? simpleFunctionName
    ;

simpleFunctionName
    : IDENT
    | QUOTED_NAME
    | unreservedFunctionKeyword
    | K_TOKEN
    | K_COUNT
    ;

roleName
    : name
    | STRING_LITERAL
    | QMARK
    ;

userName
    : IDENT
    | STRING_LITERAL
    | QUOTED_NAME
    ;

// ---------------------------------------------------------------------------------------------
// Types
// ---------------------------------------------------------------------------------------------

/**
 * cql3.CQL3Type.Raw: a native or user-defined type; a collection, tuple, vector or frozen type
 * with its parameters; a class in quotes. Wider: any name may have parameters, of any number,
 * so that what is wrong with them can be said in terms of types.
 */
type
    : (name ('.' name)? | K_SET) typeParameters?
    | STRING_LITERAL
    ;

typeParameters
    : '<' type (',' (type | INTEGER))* '>'
    ;

// ---------------------------------------------------------------------------------------------
// Values
// ---------------------------------------------------------------------------------------------

/** cql3.Term.Raw, by precedence */
term
    : termProduct (('+' | '-') termProduct)*
    ;

termProduct
    : termUnary (('*' | '/' | '%') termUnary)*
    ;

termUnary
    : '-'? simpleTerm
    ;

/** The type hint comes first, as in a selection. */
simpleTerm
    : '(' type ')' simpleTerm                                            # termTypeHint
    | K_CAST '(' simpleTerm K_AS type ')'                                # termCast
    | functionName '(' (term (',' term)*)? ')'                           # termFunction
    | collectionLiteral                                                  # termCollection
    | tupleLiteral                                                       # termTuple
    | literal                                                            # termLiteral
    ;

/** What is no collection: a constant, null, or a bind marker. */
literal
    : constant
    | K_NULL
    | bindMarker
    ;

/** cql3.Constants.Literal */
constant
    : STRING_LITERAL
    | INTEGER
    | FLOAT
    | BOOLEAN
    | DURATION
    | UUID
    | HEXNUMBER
    | K_NAN
    | K_NEGATIVE_NAN
    | K_INFINITY
    | K_NEGATIVE_INFINITY
    ;

bindMarker
    : QMARK
    | ':' name
    ;

integer
    : INTEGER
    | bindMarker
    ;

/**
 * cql3.Lists.Literal (of vectors as well), Maps.Literal, UserTypes.Literal, Sets.Literal; an
 * empty pair of braces is a map, a set or a value of a user-defined type.
 */
collectionLiteral
    : listLiteral
    | mapLiteral
    | userTypeLiteral
    | setLiteral
    ;

listLiteral
    : '[' (term (',' term)*)? ']'
    ;

mapLiteral
    : '{' (term ':' term (',' term ':' term)*)? '}'
    ;

setLiteral
    : '{' term (',' term)* '}'
    ;

userTypeLiteral
    : '{' name ':' term (',' name ':' term)* '}'
    ;

/** cql3.Tuples.Literal */
tupleLiteral
    : '(' term (',' term)* ')'
    ;

// ---------------------------------------------------------------------------------------------
// Keywords that may be names
// ---------------------------------------------------------------------------------------------

unreservedKeyword
    : unreservedFunctionKeyword
    | K_TTL | K_COUNT | K_WRITETIME | K_MAXWRITETIME | K_KEY | K_CAST | K_JSON | K_DISTINCT
    ;

/** Those that may be names of functions. */
unreservedFunctionKeyword
    : basicUnreservedKeyword
    | nativeType
    ;

nativeType
    : K_ASCII | K_BIGINT | K_BLOB | K_BOOLEAN | K_COUNTER | K_DATE | K_DECIMAL | K_DOUBLE
    | K_DURATION | K_FLOAT | K_INET | K_INT | K_SMALLINT | K_TEXT | K_TIME | K_TIMESTAMP
    | K_TIMEUUID | K_TINYINT | K_UUID | K_VARCHAR | K_VARINT
    ;

basicUnreservedKeyword
    : K_ACCESS | K_AGGREGATE | K_AGGREGATES | K_ALL | K_ANN | K_AS | K_CALLED | K_CIDRS
    | K_CLUSTER | K_CLUSTERING | K_COMPACT | K_CONTAINS | K_CUSTOM | K_DATACENTERS | K_DEFAULT
    | K_EXISTS | K_FILTERING | K_FINALFUNC | K_FROZEN | K_FUNCTION | K_FUNCTIONS | K_GROUP
    | K_HASHED | K_IDENTITY | K_INITCOND | K_INPUT | K_INTERNALS | K_KEYS | K_KEYSPACES
    | K_LANGUAGE | K_LIKE | K_LIST | K_LOGIN | K_MAP | K_MASKED | K_MBEAN | K_MBEANS
    | K_NOLOGIN | K_NOSUPERUSER | K_ONLY | K_OPTIONS | K_PARTITION | K_PASSWORD | K_PER
    | K_PERMISSION | K_PERMISSIONS | K_REPLACE | K_RETURNS | K_ROLE | K_ROLES
    | K_SELECT_MASKED | K_SFUNC | K_STATIC | K_STORAGE | K_STYPE | K_SUPERUSER | K_TABLES
    | K_TRIGGER | K_TUPLE | K_TYPE | K_TYPES | K_UNMASK | K_UNSET | K_USER | K_USERS
    | K_VALUES | K_VECTOR
    ;

// ---------------------------------------------------------------------------------------------
// Tokens: keywords
// ---------------------------------------------------------------------------------------------

K_ACCESS : 'ACCESS' ;
K_ADD : 'ADD' ;
K_AGGREGATE : 'AGGREGATE' ;
K_AGGREGATES : 'AGGREGATES' ;
K_ALL : 'ALL' ;
K_ALLOW : 'ALLOW' ;
K_ALTER : 'ALTER' ;
K_AND : 'AND' ;
K_ANN : 'ANN' ;
K_APPLY : 'APPLY' ;
K_AS : 'AS' ;
K_ASC : 'ASC' ;
K_ASCII : 'ASCII' ;
K_AUTHORIZE : 'AUTHORIZE' ;
K_BATCH : 'BATCH' ;
K_BEGIN : 'BEGIN' ;
K_BIGINT : 'BIGINT' ;
K_BLOB : 'BLOB' ;
K_BOOLEAN : 'BOOLEAN' ;
K_BY : 'BY' ;
K_CALLED : 'CALLED' ;
K_CAST : 'CAST' ;
K_CIDRS : 'CIDRS' ;
K_CLUSTER : 'CLUSTER' ;
K_CLUSTERING : 'CLUSTERING' ;
K_COMPACT : 'COMPACT' ;
K_CONTAINS : 'CONTAINS' ;
K_COUNT : 'COUNT' ;
K_COUNTER : 'COUNTER' ;
K_CREATE : 'CREATE' ;
K_CUSTOM : 'CUSTOM' ;
K_DATACENTERS : 'DATACENTERS' ;
K_DATE : 'DATE' ;
K_DECIMAL : 'DECIMAL' ;
K_DEFAULT : 'DEFAULT' ;
K_DELETE : 'DELETE' ;
K_DESC : 'DESC' ;
K_DESCRIBE : 'DESCRIBE' ;
K_DISTINCT : 'DISTINCT' ;
K_DOUBLE : 'DOUBLE' ;
K_DROP : 'DROP' ;
K_DURATION : 'DURATION' ;
K_ENTRIES : 'ENTRIES' ;
K_EXECUTE : 'EXECUTE' ;
K_EXISTS : 'EXISTS' ;
K_FILTERING : 'FILTERING' ;
K_FINALFUNC : 'FINALFUNC' ;
K_FLOAT : 'FLOAT' ;
K_FROM : 'FROM' ;
K_FROZEN : 'FROZEN' ;
K_FULL : 'FULL' ;
K_FUNCTION : 'FUNCTION' ;
K_FUNCTIONS : 'FUNCTIONS' ;
K_GRANT : 'GRANT' ;
K_GROUP : 'GROUP' ;
K_HASHED : 'HASHED' ;
K_IDENTITY : 'IDENTITY' ;
K_IF : 'IF' ;
K_IN : 'IN' ;
K_INDEX : 'INDEX' ;
K_INET : 'INET' ;
K_INFINITY : 'INFINITY' ;
K_INITCOND : 'INITCOND' ;
K_INPUT : 'INPUT' ;
K_INSERT : 'INSERT' ;
K_INT : 'INT' ;
K_INTERNALS : 'INTERNALS' ;
K_INTO : 'INTO' ;
K_IS : 'IS' ;
K_JSON : 'JSON' ;
K_KEY : 'KEY' ;
K_KEYS : 'KEYS' ;
K_KEYSPACE : 'KEYSPACE' | 'SCHEMA' ;
K_KEYSPACES : 'KEYSPACES' ;
K_LANGUAGE : 'LANGUAGE' ;
K_LIKE : 'LIKE' ;
K_LIMIT : 'LIMIT' ;
K_LIST : 'LIST' ;
K_LOGIN : 'LOGIN' ;
K_MAP : 'MAP' ;
K_MASKED : 'MASKED' ;
K_MATERIALIZED : 'MATERIALIZED' ;
K_MAXWRITETIME : 'MAXWRITETIME' ;
K_MBEAN : 'MBEAN' ;
K_MBEANS : 'MBEANS' ;
K_MODIFY : 'MODIFY' ;
K_NAN : 'NAN' ;
K_NEGATIVE_INFINITY : '-INFINITY' ;
K_NEGATIVE_NAN : '-NAN' ;
K_NOLOGIN : 'NOLOGIN' ;
K_NORECURSIVE : 'NORECURSIVE' ;
K_NOSUPERUSER : 'NOSUPERUSER' ;
K_NOT : 'NOT' ;
K_NULL : 'NULL' ;
K_OF : 'OF' ;
K_ON : 'ON' ;
K_ONLY : 'ONLY' ;
K_OPTIONS : 'OPTIONS' ;
K_OR : 'OR' ;
K_ORDER : 'ORDER' ;
K_PARTITION : 'PARTITION' ;
K_PASSWORD : 'PASSWORD' ;
K_PER : 'PER' ;
K_PERMISSION : 'PERMISSION' ;
K_PERMISSIONS : 'PERMISSIONS' ;
K_PRIMARY : 'PRIMARY' ;
K_RENAME : 'RENAME' ;
K_REPLACE : 'REPLACE' ;
K_RETURNS : 'RETURNS' ;
K_REVOKE : 'REVOKE' ;
K_ROLE : 'ROLE' ;
K_ROLES : 'ROLES' ;
K_SELECT : 'SELECT' ;
K_SELECT_MASKED : 'SELECT_MASKED' ;
K_SET : 'SET' ;
K_SFUNC : 'SFUNC' ;
K_SMALLINT : 'SMALLINT' ;
K_STATIC : 'STATIC' ;
K_STORAGE : 'STORAGE' ;
K_STYPE : 'STYPE' ;
K_SUPERUSER : 'SUPERUSER' ;
K_TABLE : 'TABLE' | 'COLUMNFAMILY' ;
K_TABLES : 'TABLES' | 'COLUMNFAMILIES' ;
K_TEXT : 'TEXT' ;
K_TIME : 'TIME' ;
K_TIMESTAMP : 'TIMESTAMP' ;
K_TIMEUUID : 'TIMEUUID' ;
K_TINYINT : 'TINYINT' ;
K_TO : 'TO' ;
K_TOKEN : 'TOKEN' ;
K_TRIGGER : 'TRIGGER' ;
K_TRUNCATE : 'TRUNCATE' ;
K_TTL : 'TTL' ;
K_TUPLE : 'TUPLE' ;
K_TYPE : 'TYPE' ;
K_TYPES : 'TYPES' ;
K_UNLOGGED : 'UNLOGGED' ;
K_UNMASK : 'UNMASK' ;
K_UNSET : 'UNSET' ;
K_UPDATE : 'UPDATE' ;
K_USE : 'USE' ;
K_USER : 'USER' ;
K_USERS : 'USERS' ;
K_USING : 'USING' ;
K_UUID : 'UUID' ;
K_VALUES : 'VALUES' ;
K_VARCHAR : 'VARCHAR' ;
K_VARINT : 'VARINT' ;
K_VECTOR : 'VECTOR' ;
K_VIEW : 'VIEW' ;
K_WHERE : 'WHERE' ;
K_WITH : 'WITH' ;
K_WRITETIME : 'WRITETIME' ;

// ---------------------------------------------------------------------------------------------
// Tokens: literals and names. Of two tokens that match, the longer one wins, then the first.
// ---------------------------------------------------------------------------------------------

/** The start of a condition for a custom index, which is one token in Cassandra too. */
EXPR_START : 'EXPR(' ;

STRING_LITERAL
    : '\'' (~'\'' | '\'\'')* '\''
    | '$$' .*? '$$'
    ;

QUOTED_NAME : '"' (~'"' | '""')+ '"' ;

EMPTY_QUOTED_NAME : '""' ;

BOOLEAN : 'TRUE' | 'FALSE' ;

UUID : HEX8 '-' HEX4 '-' HEX4 '-' HEX4 '-' HEX8 HEX4 ;

HEXNUMBER : '0X' HEX* ;

/** cql3.Duration: in units, in the form of ISO 8601 in three ways. */
DURATION
    : '-'? DIGIT+ UNIT (DIGIT+ UNIT)*
    | '-'? 'P' DIGIT+ 'W'
    | '-'? 'P' (DATE_PART TIME_PART? | TIME_PART)
    | '-'? 'P' DIGIT4 '-' DIGIT2 '-' DIGIT2 'T' DIGIT2 ':' DIGIT2 ':' DIGIT2
    ;

INTEGER : '-'? DIGIT+ ;

INTEGER_RANGE : '-'? DIGIT+ '..' ;

FLOAT
    : '-'? DIGIT+ '.' DIGIT* EXPONENT?
    | '-'? DIGIT+ EXPONENT
    ;

IDENT : LETTER (LETTER | DIGIT | '_')* ;

RANGE : '..' ;
QMARK : '?' ;

BLANK : [ \t\r\n\u000B\u000C\uFEFF]+ -> skip ;
COMMENT : ('--' | '//') ~[\r\n]* -> skip ;
/** Kept, since a snapshot tells of tables that CQL cannot make in one. */
MULTILINE_COMMENT : '/*' .*? '*/' -> channel(HIDDEN) ;

/** What begins no token; no rule takes it. */
UNKNOWN : . ;

fragment LETTER : [A-Z] ;
fragment DIGIT : [0-9] ;
fragment DIGIT2 : DIGIT DIGIT ;
fragment DIGIT4 : DIGIT2 DIGIT2 ;
fragment HEX : [A-F0-9] ;
fragment HEX4 : HEX HEX HEX HEX ;
fragment HEX8 : HEX4 HEX4 ;
fragment EXPONENT : 'E' [+-]? DIGIT+ ;
fragment UNIT : 'Y' | 'MO' | 'W' | 'D' | 'H' | 'M' | 'S' | 'MS' | 'US' | '\u00B5S' | 'NS' ;
fragment DATE_PART
    : DIGIT+ 'Y' (DIGIT+ 'M')? (DIGIT+ 'D')?
    | DIGIT+ 'M' (DIGIT+ 'D')?
    | DIGIT+ 'D'
    ;
fragment TIME_PART
    : 'T' DIGIT+ 'H' (DIGIT+ 'M')? (DIGIT+ 'S')?
    | 'T' DIGIT+ 'M' (DIGIT+ 'S')?
    | 'T' DIGIT+ 'S'
    ;
