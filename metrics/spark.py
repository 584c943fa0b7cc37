"""The same models on Apache Spark, over what `winterslaap export` wrote.

Spark runs the files of sql/** and checks/** as they stand and keeps what grows with the
posts; the statistics read counts per person, which come here by Arrow.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, cast
from uuid import uuid4

import duckdb
import pyarrow as pa

from metrics import contract, fingerprint, models, publish, score
from metrics.alternatives import RULES, Choices, Rule
from metrics.choices import headline
from metrics.errors import ExportError, ModelError, SparkError
from metrics.estimates import put
from metrics.export import BIG, INPUTS, MANIFEST, Manifest, read_manifest
from metrics.models import Model, OnStep

OPTIONS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.driver.maxResultSize": "0",  # marts come to the driver
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
READS = re.compile(r"\b(?:from|join)\s+(\w+)")
HERE_ONLY = {  # in local mode
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}


def run(
    data_dir: Path,
    source: str,
    master: str,
    *,
    choices: Mapping[str, float | str] | None = None,
    now: datetime | None = None,
    on_step: OnStep | None = None,
    is_trial: bool = False,
) -> Path:
    """Score the export at `source` with Spark and publish under `data_dir`; the new copy's path.

    `source` is a folder or any address that this Spark reads, such as s3a://…; `master` is
    local[2], spark://host:7077, yarn, … Raises MetricsError, and then the last copy stays.
    """
    built_at = (now or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
    folder = data_dir / (score.TRIALS if is_trial else score.PUBLISHED)
    with session(master) as spark, duckdb.connect() as con:
        engine = Engine(spark, source, on_step)
        try:
            engine.read(choices or {}, built_at)
            engine.compute(con)
            publish.check_each(engine.ask)
            return publish.publish(con, folder, engine.run_id)
        finally:
            engine.forget()


@contextmanager
def session(master: str, options: Mapping[str, str] | None = None) -> Iterator[Any]:
    """A Spark session on `master`; `options` are stronger than the ones this needs."""
    with warnings.catch_warnings():  # it has not met pandas 3 yet, and nothing here uses pandas
        warnings.filterwarnings("ignore", "PySpark does not yet fully", FutureWarning)
        spark = _started(master, options or {})
        try:
            yield spark
        finally:
            with suppress(OSError):  # its process may be gone
                spark.stop()


def _started(master: str, options: Mapping[str, str]) -> Any:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise SparkError("PySpark is not installed → pip install 'winterslaap[spark]'") from error
    builder = SparkSession.builder.appName("winterslaap").master(master)
    local = HERE_ONLY if master.startswith("local") else {}
    for name, value in {**OPTIONS, **local, **options}.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError) as error:
        todo = "install Java 17 or newer and look at --master"
        raise SparkError(
            f"Spark does not start on {master}: {_one_line(error)} → {todo}"
        ) from error


class Engine:
    """The models of one export: each is written once, and read by those that come after."""

    def __init__(self, spark: Any, source: str, on_step: OnStep | None = None) -> None:
        self.spark, self.source, self.on_step = spark, source.rstrip("/"), on_step
        self.scratch = f"{self.source}.scratch-{uuid4().hex[:8]}"  # others may score it too
        self.run_id = ""
        self._written = 0

    def read(self, choices: Mapping[str, float | str], built_at: datetime) -> Manifest:
        """Name the export's tables as the models do; `choices` are other than its params."""
        manifest = self._manifest()
        for name in manifest.rows:
            frame = self._input(name)
            frame = frame.drop("bucket") if name in BIG else frame
            frame.createOrReplaceTempView(name)
        self._count(manifest.rows)
        lacking = headline().keys() - set(self.spark.table("params").columns)
        if lacking:
            raise ExportError(f"{self.source}: it has no choice {min(lacking)} → export again")
        unknown = set(choices) - set(self.spark.table("params").columns)
        if unknown:
            raise ModelError("params", f"there is no choice named {min(unknown)}")
        self._choose(choices)
        self.run_id = f"{built_at:%Y%m%dT%H%M%SZ}-{manifest.data_hash[:8]}"
        with duckdb.connect() as con:
            con.execute((models.HERE / "details.sql").read_text("utf-8"))
            row = [
                self.run_id, score.METHOD_VERSION, fingerprint.of_code(), built_at,
                manifest.data_hash, contract.VERSION,
            ]  # fmt: skip
            con.execute("insert into run_detail values (?, ?, ?, ?, ?, ?)", row)
            self._give(con, "run_detail")
        return manifest

    def compute(self, con: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...] = RULES) -> None:
        """Build every model with Spark; the statistics and the marts stand in `con` too."""
        every = models.in_order(models.all_models())
        for model in every:
            if model.folder != "marts":
                self._told(model.name, partial(self.build, model))
        counts = cast("duckdb.DuckDBPyConnection", Counts(con, self.table))
        score.statistics(counts, self.on_step, rules, self.rebuild)
        for (name,) in con.execute(
            "select table_name from duckdb_tables() where table_name like 'stat\\_%' escape '\\'"
        ).fetchall():
            self._give(con, name)
        for model in every:
            if model.folder == "marts":
                self._told(model.name, partial(self.build, model))
                put(con, model.name, self.table(model.name))

    def build(self, model: Model) -> None:
        """Run one model and write what comes out; its name then stands for that."""
        self._written += 1
        path = f"{self.scratch}/{self._written:03d}_{model.name}"
        try:
            frame = self.spark.sql(model.sql)
            if model.folder == "marts":
                frame = frame.coalesce(1)  # several files would come back out of their order
            frame.write.mode("overwrite").parquet(path)
        except Exception as error:
            raise ModelError(model.name, _one_line(error)) from error
        self._load(path, frame.schema).createOrReplaceTempView(model.name)

    def rebuild(
        self,
        con: duckdb.DuckDBPyConnection,
        affected: Iterable[Model],
        needed: frozenset[str],
        choices: Choices,
    ) -> None:
        """The affected models under other choices; those needed become tables of `con`."""
        kept = {name: self.spark.table(name) for name in ("params", *(m.name for m in affected))}
        try:
            self._choose(choices)
            for model in affected:
                self.build(model)
                if model.name in needed:
                    put(con, model.name, self.table(model.name))
        finally:
            for name, frame in kept.items():
                frame.createOrReplaceTempView(name)

    def table(self, name: str) -> pa.Table:
        """All rows of a model or input."""
        return self.ask(f"select * from {name}")  # noqa: S608 (a model or input)

    def ask(self, query: str) -> pa.Table:
        """The rows of a query."""
        try:
            rows: pa.Table = self.spark.sql(query).toArrow()
        except Exception as error:
            raise SparkError(
                f"Spark does not answer {_one_line(query, 80)}: {_one_line(error)}"
            ) from error
        return rows

    def forget(self) -> None:
        """Remove what the models wrote on the way, unless Spark itself is gone."""
        with suppress(OSError):
            path = self.spark._jvm.org.apache.hadoop.fs.Path(self.scratch)
            files = path.getFileSystem(self.spark._jsc.hadoopConfiguration())
            files.delete(path, True)

    def _manifest(self) -> Manifest:
        address = f"{self.source}/{MANIFEST}"
        try:
            text = self.spark.read.text(address, wholetext=True).collect()[0][0]
        except Exception as error:
            todo = "give the folder that winterslaap export wrote"
            raise ExportError(f"{address}: {_one_line(error)} → {todo}") from error
        return read_manifest(text, self.source)

    def _input(self, name: str) -> Any:
        try:
            return self._load(f"{self.source}/{name}")
        except Exception as error:
            raise ExportError(f"{self.source}/{name}: {_one_line(error)} → export again") from error

    def _load(self, path: str, schema: Any = None) -> Any:
        reader = self.spark.read if schema is None else self.spark.read.schema(schema)
        return reader.parquet(path)

    def _count(self, expected: Mapping[str, int]) -> None:
        """Compare how many rows there are with the manifest: a folder may have been cut short."""
        each = (f"select '{name}' as name, count(*) as rows from {name}" for name in expected)  # noqa: S608
        for row in self.ask(" union all ".join(each)).to_pylist():
            name, found = row["name"], row["rows"]
            if found != expected[name]:
                raise ExportError(
                    f"{self.source}/{name}: {found} of {expected[name]} rows are there"
                )

    def _choose(self, choices: Mapping[str, Any]) -> None:
        from pyspark.sql import functions

        frame = self.spark.table("params")
        for name, value in choices.items():
            kind = frame.schema[name].dataType
            frame = frame.withColumn(name, functions.lit(value).cast(kind))
        frame.createOrReplaceTempView("params")

    def _give(self, con: duckdb.DuckDBPyConnection, name: str) -> None:
        rows = con.table(name).to_arrow_table()
        self.spark.createDataFrame(rows).createOrReplaceTempView(name)

    def _told(self, name: str, work: Callable[[], object]) -> None:
        began = perf_counter()
        work()
        if self.on_step is not None:
            self.on_step(name, perf_counter() - began)


class Counts:
    """A connection into which a table comes when a query first reads it."""

    def __init__(self, con: duckdb.DuckDBPyConnection, bring: Callable[[str], pa.Table]) -> None:
        self._con, self._bring = con, bring
        self._there: set[str] = set()

    def execute(self, query: str, *values: Any) -> duckdb.DuckDBPyConnection:
        """Run a query on tables that came or come now."""
        if query.lstrip().lower().startswith(("select", "with")):
            for name in set(READS.findall(query)) - self._there:
                if name in INPUTS or name in models.all_models():
                    with self._con.cursor() as beside:  # an answer may still be open here
                        put(beside, name, self._bring(name))
                    self._there.add(name)
        return self._con.execute(query, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)


def _one_line(told: Exception | str, most: int = 500) -> str:
    return " ".join(str(told).split())[:most]
