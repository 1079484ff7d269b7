"""MLflow's side of the comparison; runs in MLflow's own environment and imports nothing of ours.

Reads one JSON object a line from stdin, `{"do": "read", "times": 5, "uri": "..."}`, and answers with
one line: the milliseconds of each time. `{"do": "prepare"}` fills the database.
"""

import itertools
import json
import os
import sqlite3
import sys
import time

BATCH = 1000
POINTS = 10_000
SOURCE = "s3://bucket/model"


class Side:
    """The operations, by name, on a client of its own for each address."""

    def __init__(self, uri: str) -> None:
        from mlflow import MlflowClient

        self.client = MlflowClient(tracking_uri=uri, registry_uri=uri)
        self.uri = uri
        self.model = None
        self.numbers = itertools.count(1)
        self.made: list[str] = []
        experiments = self.client.search_experiments()
        self.run = self.client.create_run(experiments[0].experiment_id).info.run_id
        self.experiment = experiments[0].experiment_id
        self.facts = {f"fact{i}": i / 10 for i in range(10)}

    def create(self, run: str | None = None) -> None:
        self.made.append(self.client.create_model_version("digits", SOURCE, run).version)

    def create_with_facts(self) -> None:
        """Make a version with metrics and params as MLflow has it: they are those of its run."""
        from mlflow.entities import Metric, Param

        run = self.client.create_run(self.experiment).info.run_id
        metrics = [Metric(key, value, 0, 0) for key, value in self.facts.items()]
        self.client.log_batch(run, metrics, [Param(key, str(value)) for key, value in self.facts.items()])
        self.create(run)

    def read(self) -> None:
        self.client.get_model_version("digits", self.made[0])

    def read_by_alias(self) -> None:
        self.client.get_model_version_by_alias("digits", "champion")

    def set_alias(self) -> None:
        self.client.set_registered_model_alias("digits", "champion", self.made[next(self.numbers) % 2])

    def set_tag(self) -> None:
        self.client.set_model_version_tag("digits", self.made[0], "tag", str(next(self.numbers)))

    def search(self) -> None:
        found = self.client.search_model_versions("name='m' and tags.vision='yes'", max_results=100)
        assert len(found) == 100

    def list_all(self) -> None:
        found, token = 0, None
        while token != "":
            page = self.client.search_model_versions("name='m'", max_results=1000, page_token=token)
            found, token = found + len(page), page.token or ""
        assert found == 10_000

    def log_one(self) -> None:
        self.client.log_metric(self.run, "loss", 0.5, step=next(self.numbers))

    def log_batch(self) -> None:
        from mlflow.entities import Metric

        step = next(self.numbers)
        self.client.log_batch(self.run, [Metric(f"m{i}", 0.5, 0, step) for i in range(BATCH)])

    def read_points(self) -> None:
        assert len(self.client.get_metric_history(prepared_run(self.client), "many")) == POINTS

    def log_model(self) -> None:
        """Log and register a small scikit-learn model, fitted the first time, as MLflow does by itself."""
        import mlflow
        from sklearn.datasets import load_digits
        from sklearn.linear_model import LogisticRegression

        if self.model is None:
            mlflow.set_tracking_uri(self.uri)
            self.model = LogisticRegression(C=0.01, max_iter=2000).fit(*load_digits(return_X_y=True))
        with mlflow.start_run():
            mlflow.sklearn.log_model(self.model, name="model", registered_model_name="fitted")

    def delete(self) -> None:
        self.client.delete_model_version("digits", self.made.pop())


def prepared_run(client) -> str:
    return client.get_registered_model("m").description


def prepare(uri: str, count: int) -> None:
    """Make the models m, of `count` versions, and digits, and a run with many points."""
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    experiment = client.create_experiment("bench")
    run = client.create_run(experiment).info.run_id
    client.log_metric(run, "many", 0.5, step=1)
    client.create_registered_model("digits")
    client.create_registered_model("m", description=run)
    client.create_model_version("m", SOURCE)
    client.set_model_version_tag("m", "1", "vision", "yes")
    connection = sqlite3.connect(uri.removeprefix("sqlite:///"))
    copied(connection, "model_versions", "version", 1, count)
    copied(connection, "model_version_tags", "version", 20, count)
    copied(connection, "metrics", "step", 1, POINTS)
    connection.commit()
    connection.close()


def copied(connection: sqlite3.Connection, table: str, column: str, by: int, last: int) -> None:
    """Copy the row that has 1 in `column`, for each `by` to `last`."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join("i" if name == column else f'"{name}"' for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    connection.execute(
        f"WITH RECURSIVE n(i) AS (SELECT {1 + by} UNION ALL SELECT i + {by} FROM n WHERE i + {by} <= {last}) "
        f'INSERT INTO {table} ({names}) SELECT {values} FROM n, {table} WHERE "{column}" = 1'
    )


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever MLflow prints is no answer
    sides: dict[str, Side] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        times = []
        if asked["do"] == "prepare":
            prepare(asked["uri"], asked["count"])
        else:
            uri = asked["uri"]
            sides[uri] = sides.get(uri) or Side(uri)
            for _ in range(asked["times"]):
                started = time.perf_counter()
                getattr(sides[uri], asked["do"])()
                times.append((time.perf_counter() - started) * 1000)
        print(json.dumps(times), file=answers, flush=True)


main()
