"""`cqlite shell`: statements over several lines, cqlsh's commands, completion."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cqlite.cli.query_run import marked, screen_look
from cqlite.cql.scripts import cut_statements, split_script
from cqlite.query.format.table import Look, write_table
from cqlite.query.result import ResultSet
from cqlite.query.session import Session
from cqlite.shell.completion import completions
from cqlite.shell.shell import Shell, run_terminal
from cqlite.shell.terminal import HISTORY, history

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "oa"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with two tables of the keyspace cqlite."""
    root = tmp_path_factory.mktemp("data")
    for name in ("types", "collections"):
        table = root / "cqlite" / f"{name}-5a1c395e2d1b11eda2610242ac120002"
        shutil.copytree(FIXTURES / name, table)
    return root


class Talk:
    """A shell and what it says."""

    def __init__(self, session: Session, look: Look | None = None) -> None:
        self.out, self.err = io.StringIO(), io.StringIO()
        self.shell = Shell(session, self.out, self.err, marked, look or Look())

    def says(self, *lines: str) -> str:
        """What it prints for some lines, once it is sure that nothing was wrong."""
        text = self.tries(*lines)
        assert self.err.getvalue() == ""
        return text

    def tries(self, *lines: str) -> str:
        for stream in (self.out, self.err):
            stream.seek(0)
            stream.truncate()
        for line in lines:
            self.shell.feed(line)
        return self.out.getvalue()

    def wrong(self, *lines: str) -> str:
        assert self.tries(*lines) == ""
        assert self.shell.failed
        return self.err.getvalue()


@pytest.fixture
def talk(data: Path) -> Iterator[Talk]:
    with Session([data]) as session:
        yield Talk(session)


def test_a_statement_over_several_lines(talk: Talk) -> None:
    assert talk.shell.prompt == "cqlite> "
    assert talk.says("SELECT id -- ;", "FROM cqlite.types") == ""
    assert talk.shell.prompt == "   ...  "
    assert "(1 rows)" in talk.says("WHERE id = 0; ")
    assert talk.shell.prompt == "cqlite> "


def test_several_statements_on_a_line(talk: Talk) -> None:
    text = talk.says("SELECT id FROM cqlite.types LIMIT 1; SELECT id FROM cqlite.types LIMIT 2;")
    assert text.index("(1 rows)") < text.index("(2 rows)")


def test_use_and_the_prompt(talk: Talk) -> None:
    talk.says("USE cqlite;")
    assert talk.shell.prompt == "cqlite:cqlite> "
    assert "(8 rows)" in talk.says("select id from types;")
    assert talk.wrong("use nowhere") == "cqlite: error: Keyspace 'nowhere' does not exist\n"


def test_an_error_is_marked_and_ends_nothing(talk: Talk) -> None:
    said = talk.wrong("SELECT id", "FROM cqlite.types WHERE nix = 1;")
    assert said.endswith("  FROM cqlite.types WHERE nix = 1\n                          ^^^\n")
    assert "(1 rows)" in talk.says("SELECT id FROM cqlite.types LIMIT 1;")


def test_describe(talk: Talk) -> None:
    assert talk.says("DESCRIBE KEYSPACES") == "\ncqlite\n\n"
    assert talk.says("desc tables;") == (
        "\nKeyspace cqlite\n---------------\ncollections  types\n\n"
    )
    assert "CREATE TABLE cqlite.types (" in talk.says("DESCRIBE TABLE cqlite.types")
    assert "CREATE TABLE cqlite.types (" in talk.says("DESC cqlite.types")
    everything = talk.says("DESCRIBE SCHEMA")
    assert "CREATE TABLE cqlite.collections" in everything
    assert everything == talk.says("DESCRIBE FULL SCHEMA") == talk.says("DESCRIBE KEYSPACE cqlite")
    assert "Partitioner: Murmur3Partitioner" in talk.says("DESCRIBE CLUSTER")
    talk.says("USE cqlite")
    assert talk.says("DESC TABLES") == "\ncollections  types\n\n"
    assert "table nothing does not exist" in talk.wrong("DESC nothing")
    assert "not found in keyspaces" in talk.wrong("DESC KEYSPACE nothing")


def test_describe_types(talk: Talk) -> None:
    text = talk.says("DESCRIBE TYPES")
    names = text.split()
    for name in names:
        if name != "<empty>":
            assert f"CREATE TYPE cqlite.{name} (" in talk.says(f"DESCRIBE TYPE {name}")
    assert "User type 'nothing' not found" in talk.wrong("DESCRIBE TYPE nothing")


def test_expand(talk: Talk) -> None:
    assert talk.says("EXPAND") == "Expanded output is currently disabled.\n"
    assert talk.says("EXPAND ON") == "Expanded output is now enabled.\n"
    assert talk.says("SELECT id, c_int FROM cqlite.types WHERE id = 0;") == (
        "\n@ Row 1\n-------+----\n id    | 0\n c_int | 42\n\n(1 rows)\n"
    )
    talk.says("EXPAND OFF")
    assert "@ Row" not in talk.says("SELECT id FROM cqlite.types WHERE id = 0;")
    assert "EXPAND takes ON or OFF" in talk.wrong("EXPAND MAYBE")


def test_tracing_explains(talk: Talk) -> None:
    talk.says("TRACING ON")
    text = talk.says("SELECT id FROM cqlite.types WHERE id = 0;")
    assert "partitions: " in text[text.index("(1 rows)") :]


def test_what_means_nothing_says_so(talk: Talk) -> None:
    for command in ("CONSISTENCY", "CONSISTENCY QUORUM", "SERIAL CONSISTENCY"):
        assert "mean nothing here" in talk.says(command)


def test_pages(data: Path) -> None:
    asked = []

    def more() -> bool:
        asked.append(talk.out.getvalue())
        return len(asked) < 3

    with Session([data], keyspace="cqlite") as session:
        talk = Talk(session, Look(page_rows=100, ask_for_more=more))
        assert talk.says("PAGING 3") == "Page size: 3\n"
        text = talk.says("SELECT id FROM types;")
        assert text.count(" id\n----\n") == 3
        assert len(asked) == 2
        assert asked[0].count("\n") == 6
        asked += asked
        assert "(3 rows)" in talk.says("SELECT id FROM types;")
        talk.says("PAGING OFF")
        assert "(8 rows)" in talk.says("SELECT id FROM types;")


def test_nobody_is_asked_for_more_than_there_is(data: Path) -> None:
    asked = []

    def more() -> bool:
        asked.append(True)
        return True

    with Session([data], keyspace="cqlite") as session:
        text = Talk(session, Look(page_rows=4, ask_for_more=more)).says("SELECT id FROM types;")
    assert text.endswith("\n\n(8 rows)\n")
    assert len(asked) == 1


def test_colours_are_for_terminals(data: Path) -> None:
    with Session([data], keyspace="cqlite") as session:
        statement = "SELECT id, c_int FROM types WHERE id = 7;"
        colored = Talk(session, Look(is_colored=True)).says(statement)
        plain = Talk(session).says(statement)
    assert "\x1b[0;1;31mnull\x1b[0m" in colored
    assert "\x1b" not in plain


def test_whoever_wants_no_colours_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert screen_look().is_colored
    monkeypatch.setenv("NO_COLOR", "1")
    assert not screen_look().is_colored


def test_copy_to_a_file(talk: Talk, tmp_path: Path) -> None:
    target = tmp_path / "it's.csv"
    quoted = str(target).replace("'", "''")
    said = talk.says(f"COPY cqlite.types (id, c_text, c_boolean) TO '{quoted}';")
    assert said == "8 rows exported.\n"
    lines = target.read_bytes().split(b"\r\n")
    assert b'0,"Gr\xc3\xbc\xc3\x9fe, ' in lines[2]
    assert b"7,," in lines
    assert b'3,"quote\\"back\\\\slash",False' in lines


def test_a_copy_is_whole_or_not_there(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "ids.csv"
    talk.says(f"COPY cqlite.types (id) TO '{target}';")
    before = target.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("cqlite.shell.copy_to.csv_lines", interrupted_lines)
        with pytest.raises(KeyboardInterrupt):
            talk.says(f"COPY cqlite.types (c_text) TO '{target}';")
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]
    pipe = tmp_path / "link"
    pipe.symlink_to(target)
    talk.says(f"COPY cqlite.types (id) TO '{pipe}' WITH HEADER = TRUE;")
    assert pipe.is_symlink()
    assert target.read_bytes() == b"id\r\n" + before


def interrupted_lines(*_: object) -> Iterator[str]:
    yield "one line"
    raise KeyboardInterrupt


def test_copy_with_options(talk: Talk) -> None:
    talk.says("USE cqlite")
    text = talk.says(
        "COPY types (id, c_boolean, c_decimal, c_timestamp, c_bigint) TO STDOUT",
        "WITH HEADER = TRUE AND DELIMITER='|' AND NULL = '-' AND BOOLSTYLE = 'yes,no'",
        "AND DECIMALSEP = ',' AND THOUSANDSSEP='.' AND DATETIMEFORMAT='%d.%m.%Y' AND PAGESIZE = 5;",
    )
    lines = text.splitlines()
    assert lines[0] == "id|c_boolean|c_decimal|c_timestamp|c_bigint"
    assert "0|yes|3,14159|14.11.2023|1.234.567.890.123" in lines
    assert "7|-|-|-|-" in lines
    assert lines[-1] == "8 rows exported."


def test_copy_of_a_range_of_tokens(talk: Talk) -> None:
    talk.says("USE cqlite")
    halves = [
        talk.says(f"COPY types (id) TO STDOUT WITH {bound} = '0';").splitlines()[:-1]
        for bound in ("BEGINTOKEN", "ENDTOKEN")
    ]
    assert all(halves)
    assert sorted(halves[0] + halves[1]) == [str(number) for number in range(8)]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("COPY types FROM 'x.csv';", "`cqlite import` takes CSV"),
        ("COPY types TO 'x.csv' WITH COLOUR = 'red';", "has no option COLOUR"),
        ("COPY types TO 'x.csv' WITH DELIMITER = 'ab';", "DELIMITER is one character"),
        ("COPY types;", "expected COPY table"),
        ("COPY cqlite.types (nix) TO STDOUT;", "Undefined column name nix"),
    ],
)
def test_copies_that_cannot_be(talk: Talk, command: str, message: str) -> None:
    assert message in talk.wrong(command)


def test_source_and_capture(talk: Talk, tmp_path: Path) -> None:
    script, captured = tmp_path / "a.cql", tmp_path / "out.txt"
    script.write_text("USE cqlite;\nSELECT id\nFROM types\nLIMIT 1")
    assert "(1 rows)" in talk.says(f"SOURCE '{script}'")
    assert talk.says(f"CAPTURE '{captured}'") == f"Now capturing query output to '{captured}'.\n"
    assert talk.says("SELECT id FROM types LIMIT 2;") == ""
    assert "(2 rows)" in captured.read_text()
    assert str(captured) in talk.says("CAPTURE")
    talk.says("CAPTURE OFF")
    assert "(2 rows)" in talk.says("SELECT id FROM types LIMIT 2;")
    assert "No such file" in talk.wrong(f"SOURCE '{tmp_path / 'none'}'")


def test_a_file_that_sources_itself(talk: Talk, tmp_path: Path) -> None:
    script = tmp_path / "a.cql"
    script.write_text(f"SOURCE '{script}'\n")
    assert "SOURCE within SOURCE" in talk.wrong(f"SOURCE '{script}'")


def test_help_show_and_exit(talk: Talk) -> None:
    assert "COPY" in talk.says("HELP")
    assert "DELIMITER" in talk.says("HELP COPY")
    assert talk.says("?") == talk.says("help;")
    assert "cqlite" in talk.says("SHOW VERSION")
    assert "no help on 'frob'" in talk.wrong("HELP frob")
    talk.says("EXIT")
    assert talk.shell.done


def typed(*lines: str | BaseException) -> tuple[Callable[[str], str], list[str]]:
    """What gives these lines and keys, then Ctrl-D; and the prompts that it was asked with."""
    rest = iter((*lines, EOFError()))
    prompts = []

    def read(prompt: str) -> str:
        prompts.append(prompt)
        line = next(rest)
        if isinstance(line, BaseException):
            raise line
        return line

    return read, prompts


def test_ctrl_c_drops_what_was_begun_and_ctrl_d_ends(talk: Talk) -> None:
    read, prompts = typed("SELECT nix", KeyboardInterrupt(), "SELECT id FROM cqlite.types LIMIT 1;")
    run_terminal(talk.shell, read)
    assert "(1 rows)" in talk.out.getvalue()
    assert prompts == ["cqlite> ", "   ...  ", "cqlite> ", "cqlite> "]


def test_ctrl_d_does_not_do_what_was_begun(talk: Talk) -> None:
    read, _ = typed("SELECT id FROM cqlite.types")
    run_terminal(talk.shell, read)
    assert talk.out.getvalue() == talk.err.getvalue() == ""


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_ends_only_the_statement(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    statement = "SELECT id FROM cqlite.types;"
    with monkeypatch.context() as patched:
        patched.setattr(talk.shell.session, "execute", interrupt)
        run_terminal(talk.shell, typed(f"{statement} {statement}")[0])
    assert talk.err.getvalue() == "interrupted\n"
    assert "(8 rows)" in talk.says(statement)


def test_ctrl_c_ends_a_whole_script(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "a.cql"
    script.write_text("SELECT id FROM cqlite.types;\nDESC KEYSPACES\n")
    monkeypatch.setattr(talk.shell.session, "execute", interrupt)
    with pytest.raises(KeyboardInterrupt):
        talk.shell.run([f"SOURCE '{script}'", "DESC KEYSPACES"])
    run_terminal(talk.shell, typed(f"SOURCE '{script}'; SELECT")[0])
    assert talk.out.getvalue() == ""
    assert talk.shell.pending() == ""


def test_what_ends_in_a_cell_leaves_no_colour(data: Path) -> None:
    def rows() -> Iterator[tuple[bytes | None]]:
        yield (b"a",)
        raise KeyboardInterrupt

    with Session([data]) as session:
        column = session.execute("SELECT c_text FROM cqlite.types").columns
    out = io.StringIO()
    with pytest.raises(KeyboardInterrupt):
        write_table(ResultSet(column, rows()), out, Look(is_colored=True, page_rows=1))
    assert out.getvalue().endswith("\x1b[0m")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DESC", {"DESCRIBE"}),
        ("USE cq", {"cqlite"}),
        ("SELECT * FROM cqlite.t", {"cqlite.types"}),
        ("DESCRIBE TABL", {"TABLE", "TABLES"}),
        ("SELECT id FROM cqlite.types WHERE c_bi", {"c_bigint"}),
        ("SELECT id FR", {"FROM"}),
        ("EXPAND O", {"ON", "OFF"}),
        ("SELECT id FROM nothing WHERE c_bi", set()),
    ],
)
def test_completion(data: Path, text: str, expected: set[str]) -> None:
    with Session([data]) as session:
        word, found = completions(text, session)
    assert text.endswith(word)
    assert set(found) == expected


def test_completion_knows_the_keyspace_in_use(data: Path) -> None:
    with Session([data], keyspace="cqlite") as session:
        assert completions("SELECT * FROM ty", session) == ("ty", ["types"])


def test_completion_without_any_tables(tmp_path: Path) -> None:
    with Session([tmp_path]) as session:
        assert completions("DESCRIBE TABL", session) == ("TABL", ["TABLE", "TABLES"])
        assert completions("SELECT * FROM t WHERE AL", session) == ("AL", ["ALLOW"])


def test_history_is_only_for_who_typed_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "history"
    monkeypatch.setenv(HISTORY, str(path))
    history().append_string("SELECT 1")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(history().load_history_strings()) == ["SELECT 1"]


def test_history_that_cannot_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(HISTORY, str(tmp_path))
    history().append_string("SELECT 1")
    assert capsys.readouterr().err == (
        f"cqlite: note: no history is kept: {tmp_path}: Is a directory\n"
    )


def piped(script: str, *options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cqlite", "shell", *map(str, options)]
    return subprocess.run(command, input=script, capture_output=True, text=True)


def test_what_cannot_be_read_at_all_is_told_at_once(tmp_path: Path) -> None:
    done = piped("HELP", "--data", tmp_path / "nothing")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"cqlite: error: {tmp_path}/nothing: no such file or directory\n"


def test_a_keyspace_that_is_not_there(data: Path) -> None:
    done = piped("HELP", "--data", data, "--keyspace", "nothing")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "cqlite: error: Keyspace 'nothing' does not exist\n"


@pytest.mark.parametrize("code", [0, 2])
def test_what_comes_from_a_pipe(data: Path, code: int) -> None:
    script = "USE cqlite\nSELECT id FROM types WHERE id = 0" + (" AND nix = 1" if code else "")
    done = piped(script, "--data", data)
    assert done.returncode == code, done.stderr
    assert ("(1 rows)" in done.stdout) == (code == 0)
    assert ("nix" in done.stderr) == (code == 2)


def test_statements_end_where_cqlsh_ends_them() -> None:
    text = "SELECT ';' , \";\" , $$;$$ /* ; */ -- ;\n; ; -- x\nB; 'open ;"
    statements, rest = cut_statements(text)
    assert statements == ["SELECT ';' , \";\" , $$;$$ /* ; */ -- ;\n", "B"]
    assert rest == "'open ;"
    assert split_script("A; -- only a comment") == ["A"]
    assert split_script("A;B") == ["A", "B"]
    assert cut_statements("/* open ; ") == ([], "/* open ; ")


def test_commands_and_statements_on_a_line(talk: Talk) -> None:
    text = talk.says("DESCRIBE KEYSPACES; SELECT id FROM cqlite.types LIMIT 1; DESC TABLES")
    assert text.startswith("\ncqlite\n")
    assert "(1 rows)" in text
    assert text.endswith("collections  types\n\n")
    assert talk.shell.pending() == ""


def test_describe_what_cqlsh_describes(talk: Talk) -> None:
    assert talk.wrong("DESCRIBE KEYSPACE") == "cqlite: error: Not in any keyspace.\n"
    assert "not found in keyspaces" in talk.wrong("DESC ONLY KEYSPACE nothing")
    assert talk.wrong("DESC FUNCTIONS") == "cqlite: error: cqlite reads no functions\n"
    assert "cqlite reads no materialized views" in talk.wrong("DESC MATERIALIZED VIEWS")
    assert talk.wrong("DESC INDEX i") == "cqlite: error: 'i' not found in keyspace\n"
    assert "CREATE TABLE cqlite.types (" in talk.says("DESC TABLE cqlite.types WITH INTERNALS")
    talk.says("USE cqlite")
    assert "CREATE TABLE cqlite.collections (" in talk.says("DESCRIBE KEYSPACE")


def test_describe_an_index(tmp_path: Path) -> None:
    text = "CREATE INDEX ON ks.t (v)"
    schema = tmp_path / "schema.cql"
    schema.write_text(f"CREATE TABLE ks.t (k int PRIMARY KEY, v int); {text};")
    with Session([tmp_path], schema=schema) as session:
        assert Talk(session).says("DESCRIBE INDEX ks.t_v_idx") == f"\n{text};\n\n"


@pytest.mark.parametrize("text", ["INSERT INTO t (a) VALUES (1);", "LOGIN me", "history"])
def test_what_needs_a_node_is_refused(talk: Talk, text: str) -> None:
    assert "is for a node: SSTables are only read here" in talk.wrong(text)


def test_comments_are_no_words_of_commands(talk: Talk) -> None:
    assert talk.says("-- which?\nDESC KEYSPACES -- 'all'") == "\ncqlite\n\n"
    assert talk.says("/* which? */ DESC KEYSPACES // all") == "\ncqlite\n\n"
    assert talk.says("CAPTURE -- it's off") == "Currently not capturing query output.\n"
    text = talk.says("COPY cqlite.types (id) TO STDOUT -- at once", "WITH NULL = '/*';")
    assert text.endswith("8 rows exported.\n")


def test_a_script_has_the_lines_of_its_strings(talk: Talk, tmp_path: Path) -> None:
    script = tmp_path / "a.cql"
    text = "SELECT (text)'a\u2028b\nc' AS t FROM cqlite.types LIMIT 1;"
    script.write_text(text, encoding="utf-8")
    talk.says(f"CAPTURE '{tmp_path / 'out'}'")
    talk.says(f"SOURCE '{script}'")
    assert "a\u2028b\\nc" in (tmp_path / "out").read_text(encoding="utf-8")


def test_source_of_what_is_no_text(talk: Talk, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"a\xff")
    assert "not UTF-8 text" in talk.wrong(f"SOURCE '{tmp_path / 'binary'}'")


def test_copy_in_another_encoding_is_refused(talk: Talk) -> None:
    text = talk.wrong("COPY cqlite.types TO STDOUT WITH ENCODING = 'latin1';")
    assert "writes UTF-8, not latin1" in text


@pytest.mark.parametrize(
    "ask",
    [
        lambda talk: talk.says("DESCRIBE TABLES"),
        lambda talk: completions("SELECT * FROM ", talk.shell.session),
    ],
)
def test_directories_are_looked_through_once(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, ask: Callable[[Talk], object]
) -> None:
    names = talk.shell.session.names()
    asked = []

    def counted() -> object:
        asked.append(True)
        return [*names, ("other", "types")]

    monkeypatch.setattr(talk.shell.session, "names", counted)
    assert "other" in str(ask(talk))
    assert len(asked) == 1


def test_completion_minds_the_case_of_names(talk: Talk) -> None:
    word, found = completions("SELECT i FROM CQLITE.Types WHERE i", talk.shell.session)
    assert word == "i"
    assert "id" in found


@pytest.mark.parametrize("text", ["DESCRIBE TYPE ", "CONSISTENCY ", "COPY cqlite.types "])
def test_commands_have_no_words_of_statements(talk: Talk, text: str) -> None:
    assert completions(text, talk.shell.session) == ("", [])
