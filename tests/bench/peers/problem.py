"""A workload of tests/bench/workloads/ as arrays: sizes, densities, importances, first weights.

The peers train what superpose trains: y' = relu(x W W^T + b) or relu(relu(x W) W2^T + b), loss = mean over samples of
the sum over features of I (y - y')^2, AdamW. All models of a sweep are one array with the models first.
"""
import numpy as np
import yaml

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


def _values(axis):
    """The values of a sweep's axis."""
    if isinstance(axis, list):
        return axis
    first, last, count = axis["logspace"]
    return list(np.geomspace(first, last, count))


def _importance(form, n):
    if isinstance(form, dict):
        return form["decay"] ** np.arange(n) if "decay" in form else np.r_[np.ones(n - 1), form["last"]]
    return np.full(n, float(form))


class Problem:
    """n_models of them; p [n_models], importance [n_models, n], n features, m hidden dimensions."""

    def __init__(self, path):
        with open(path) as file:
            config = yaml.safe_load(file)
        data, task, model, train = (config[key] for key in ("data", "task", "model", "train"))
        points = [{}]
        for key, axis in config.get("sweep", {}).items():
            points = [dict(point, **{key: value}) for point in points for value in _values(axis)]
        self.n, self.m, self.batch = data["n_features"], model["n_hidden"], train["batch"]
        self.n_models = len(points)
        self.p = np.array([point.get("data.feature_probability", data["feature_probability"]) for point in points])
        self.importance = np.array([
            _importance({"last": point["task.importance.last"]} if "task.importance.last" in point
                        else task["importance"], self.n) for point in points])
        self.is_absolute = task["kind"] == "absolute_value"  # of signed values, in untied weights
        self.learning_rate, self.weight_decay = float(train["learning_rate"]), float(train["weight_decay"])
        std = (2 / (self.n + self.m)) ** 0.5 if model["init_std"] == "xavier" else float(model["init_std"])
        draw = np.random.default_rng(0)
        shape = (self.n_models, self.n, self.m)
        self.W = draw.normal(0, std, shape).astype(np.float32)
        self.W2 = draw.normal(0, std, shape).astype(np.float32) if self.is_absolute else None

    def only(self, models):
        """The same problem with some of its models."""
        part = object.__new__(Problem)
        part.__dict__.update(self.__dict__, n_models=len(models), p=self.p[models],
                             importance=self.importance[models], W=self.W[models],
                             W2=self.W2[models] if self.is_absolute else None)
        return part
