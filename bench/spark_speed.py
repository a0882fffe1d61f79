#!/usr/bin/env python3
"""How fast `according.spark.read` is beside one process, on the same articles, in one run.

usage: spark_speed.py [--articles N] [--master local-cluster[2,1,2048]] [--corpus postgres://USER@HOST/NAME]

Run it by a Python that has the package and pyspark. One process reads the articles with two
threads and writes its reports as Parquet; then Spark does, from and to Parquet; then the one
process again. Starting
Spark and, for both, loading the pipeline are told apart from reading. The records must be the
same. With --corpus, which must be a new one, Spark adds them to it as well, which includes
reading them and working out what the corpus says; the password is in PGPASSWORD.
"""
import argparse, os, sys, tempfile, time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import according
import according.spark
from according.batches import read_batch
from articles import made


def session(master):
    import pyspark
    os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return (pyspark.sql.SparkSession.builder.master(master).appName("according")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", "200")
            .config("spark.sql.files.maxPartitionBytes", "2m")
            .config("spark.executorEnv.PGPASSWORD", os.environ.get("PGPASSWORD", ""))
            .getOrCreate())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--master", default="local-cluster[2,1,2048]")
    parser.add_argument("--corpus")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        table = pa.Table.from_pylist(list(made(asked.articles)))
        (folder / "in").mkdir()
        n = max(8, asked.articles // 500)
        for i in range(n):
            begin, end = table.num_rows * i // n, table.num_rows * (i + 1) // n
            pq.write_table(table[begin:end], folder / "in" / f"{i:04}.parquet")
        according.read("Loaded.")

        def alone(out):
            begun = time.perf_counter()
            schema = pa.schema([(name, pa.string()) for name in ("id", "report", "error")])
            with pq.ParquetWriter(folder / out, schema) as writer:
                for path in sorted((folder / "in").iterdir()):
                    for batch in pq.ParquetFile(path).iter_batches(200):
                        writer.write_batch(read_batch(batch, threads=2))
            took = time.perf_counter() - begun
            print(f"one process, 2 threads: {asked.articles / took:.1f} articles/s ({took:.1f} s)", flush=True)
            return took

        one = [alone("one.parquet")]
        begun = time.perf_counter()
        spark = session(asked.master)
        # What every job pays once: machines start, the pipeline goes there and is loaded.
        warm = spark.range(8, numPartitions=8).selectExpr("concat(id, '') id", "'Started.' text")
        according.spark.read(warm).write.mode("overwrite").parquet(str(folder / "warm"))
        started = time.perf_counter() - begun
        begun = time.perf_counter()
        df = spark.read.parquet(str(folder / "in"))
        according.spark.read(df).write.parquet(str(folder / "out"))
        many = time.perf_counter() - begun
        print(f"Spark, {asked.master}: {asked.articles / many:.1f} articles/s ({many:.1f} s), after {started:.1f} s to start")
        # Before and after, since a machine may have had more to do at one time than at another.
        one = (one[0] + alone("again.parquet")) / 2
        print(f"share: {one / many:.1%}; with the start: {one / (many + started):.1%}")
        rows = lambda path: sorted(map(tuple, (r.values() for r in pq.read_table(path).to_pylist())))
        a, b = rows(folder / "one.parquet"), rows(folder / "out")
        print("records are", "the same" if a == b else "DIFFERENT", f"({len(b)})")
        if asked.corpus:
            begun = time.perf_counter()
            added = according.spark.add(df, asked.corpus)
            took = time.perf_counter() - begun
            print(f"into a corpus: {asked.articles / took:.1f} articles/s ({took:.1f} s); {added.new} new, {added.known} known, {len(added.errors)} errors")
        spark.stop()


if __name__ == "__main__":
    main()
