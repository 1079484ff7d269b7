"""What is known of calls: which leave their arguments alone, which give a fresh object, which have hidden effects.

Everything that is not listed here may change what it is given.
"""

# Names that no cell can have: state that belongs to no variable.
PROCESS = "<process>"
RANDOM = "<random>"
FILES = "<files>"
OURS = "<%model>"

_WHOLE_MODULES = (
    "builtins", "catboost", "collections", "datetime", "functools", "imblearn", "itertools", "jupyter_modelmgmt",
    "keras", "lightgbm", "math", "matplotlib", "numpy", "operator", "optuna", "pandas", "pathlib", "plotly", "pprint",
    "re", "scipy", "seaborn", "sklearn", "skimage", "statistics", "statsmodels", "string", "tensorflow", "time",
    "torch", "torchvision", "tqdm", "transformers", "typing", "xgboost",
)  # fmt: skip
_FUNCTIONS = frozenset({"copy.copy", "copy.deepcopy", "json.dumps", "json.loads", "os.path.join", "os.path.exists",
                        "os.listdir", "os.getcwd", "glob.glob", "gc.collect", "sys.getsizeof", "IPython.display.display",
                        "warnings.warn"})  # fmt: skip
_CHANGING = frozenset({
    "builtins.setattr", "builtins.delattr", "builtins.next", "builtins.exec", "builtins.eval", "builtins.map",
    "builtins.filter", "numpy.copyto", "numpy.put", "numpy.place", "numpy.putmask", "numpy.fill_diagonal",
    "numpy.put_along_axis", "numpy.apply_along_axis", "numpy.vectorize", "numpy.random.shuffle", "functools.reduce",
    "functools.partial", "collections.deque", "xgboost.train", "lightgbm.train", "operator.setitem", "operator.delitem",
    "torch.nn.utils.prune", "tensorflow.keras.backend.set_value",
})  # fmt: skip
_BUILTINS_FRESH = frozenset({
    "abs", "all", "any", "bin", "bool", "chr", "complex", "divmod", "float", "format", "hash", "hex", "id", "int",
    "isinstance", "issubclass", "len", "ord", "pow", "print", "range", "repr", "round", "str", "sum", "type", "bytes",
    "dir", "callable", "hasattr", "open", "input", "slice", "oct", "ascii", "object",
})  # fmt: skip
# Functions of harmless modules whose result holds or is its argument.
_SHARING = frozenset({
    "asarray", "asanyarray", "ascontiguousarray", "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_to",
    "broadcast_arrays", "copy", "expand_dims", "frombuffer", "from_numpy", "as_tensor", "ravel", "reshape", "rollaxis",
    "moveaxis", "split", "array_split", "squeeze", "swapaxes", "tqdm", "trange", "transpose", "view", "asfortranarray",
    "chain", "cycle", "islice", "product", "repeat", "tee", "zip_longest", "attrgetter", "itemgetter", "nan_to_num",
    "to_datetime", "cast", "notebook", "auto", "column_or_1d", "check_array", "check_X_y", "wraps", "lru_cache", "cache",
})  # fmt: skip
# Methods that change neither object nor arguments, and whose result is fresh.
READING = frozenset({
    "abs", "agg", "aggregate", "all", "any", "argmax", "argmin", "argsort", "astype", "capitalize", "clip", "corr",
    "count", "cov", "cumsum", "decision_function", "decode", "describe", "dot", "duplicated", "encode", "endswith",
    "equals", "evaluate", "find", "flatten", "format", "get_feature_names_out", "get_params", "hist", "idxmax", "idxmin",
    "index", "info", "isin", "isna", "isnull", "item", "join", "kurt", "lower", "max", "mean", "median", "memory_usage",
    "min", "mode", "nbytes", "nlargest", "nonzero", "notna", "notnull", "nsmallest", "numel", "nunique", "plot", "predict",
    "predict_log_proba", "predict_proba", "prod", "quantile", "replace", "round", "score", "score_samples",
    "size", "skew", "split", "splitlines", "staged_predict", "staged_predict_proba", "startswith", "std", "strip", "sum",
    "summary", "title", "to_dict", "to_html", "to_markdown", "to_string", "tobytes", "tolist", "unique", "upper",
    "value_counts", "var", "isoformat", "strftime", "total_seconds", "copy", "deepcopy", "inverse_transform",
    "is_dir", "is_file", "exists", "stat",
})  # fmt: skip
# Methods that change nothing and whose result may share memory or members with the object.
VIEWING = frozenset({
    "assign", "bfill", "children", "detach", "diagonal", "drop", "drop_duplicates", "dropna", "ffill", "fillna", "filter",
    "get", "groupby", "head", "infer_objects", "interpolate", "items", "keys", "melt", "merge", "modules",
    "named_parameters", "numpy", "parameters", "pivot", "pivot_table", "query", "ravel", "reindex", "rename", "reset_index",
    "reshape", "resample", "rolling", "sample", "select_dtypes", "set_index", "sort_values", "sort_index", "squeeze",
    "state_dict", "swapaxes", "tail", "to_frame", "to_numpy", "transform", "transpose", "values", "view", "where", "xs",
    "iterrows", "itertuples", "stack", "unstack",
})  # fmt: skip
# Methods that change their object alone. Of a class of the user's they may do anything.
FITTING = frozenset({"fit", "fit_predict", "fit_resample", "fit_transform", "partial_fit", "set_params"})
_FIT_FRESH = FITTING - {"fit", "partial_fit", "set_params"}
READS_FILES = frozenset({"open", "load", "loadtxt", "genfromtxt", "fromfile", "memmap", "glob", "iterdir",
                         "listdir", "load_model", "load_data", "from_file", "imread", "ImageFolder", "exists",
                         "read_bytes", "read_text", "rglob", "from_pretrained", "load_dataset", "load_files"})  # fmt: skip
WRITES_FILES = frozenset({
    "copyfile", "copytree", "copy2", "dump", "download", "extract", "extractall", "imwrite", "makedirs", "mkdir", "move",
    "remove", "rename", "rmtree", "save", "save_model", "save_pretrained", "savetxt", "savez",
    "savez_compressed", "symlink_to", "to_csv", "to_excel", "to_feather", "to_hdf", "to_json", "to_parquet", "to_pickle",
    "touch", "unlink", "unpack_archive", "urlretrieve", "write", "write_bytes", "write_text", "writelines", "tofile",
    "snapshot_download", "hf_hub_download",
})  # fmt: skip
_SETTING = ("set_", "enable", "disable", "use_", "manual_seed", "register", "filterwarnings", "simplefilter", "config")
_PROCESS_ROOTS = ("os.chdir", "os.environ", "os.putenv", "sys.", "warnings.filter", "warnings.simplefilter", "logging.",
                  "socket.", "locale.", "importlib.", "mpl_toolkits", "pandas.options", "random.setstate")  # fmt: skip
_SEEDS = ("seed", "manual_seed", "manual_seed_all", "set_seed", "set_random_seed", "seed_everything", "setstate")
_OWN_WORLD = ("jupyter_modelmgmt", "matplotlib", "plotly", "seaborn", "logging", "time")


def stays_inside(dotted: str) -> bool:
    """Tell whether what comes of this module changes nothing a model depends on: figures, the registry's handles."""
    return dotted.partition(".")[0] in _OWN_WORLD


def leaves_arguments(dotted: str) -> bool:
    """Tell whether the function `numpy.mean` leaves its arguments as they are."""
    if dotted in _CHANGING or dotted.endswith("_"):
        return False
    return dotted in _FUNCTIONS or dotted.partition(".")[0] in _WHOLE_MODULES


def gives_fresh(dotted: str) -> bool:
    """Tell whether the result of a function that leaves its arguments alone shares nothing with them."""
    root, _, rest = dotted.partition(".")
    last = rest.rpartition(".")[2]
    if root == "builtins":
        return last in _BUILTINS_FRESH
    return last not in _SHARING and not last[:1].isupper() and not last.startswith("make_")


def fit_is_fresh(method: str) -> bool:
    """Tell whether a fitting method gives something other than its object."""
    return method in _FIT_FRESH


def hidden_changes(dotted: str) -> frozenset[str]:
    """Return the hidden state that calling `numpy.random.seed` changes."""
    last = dotted.rpartition(".")[2]
    found = set()
    if _is_random(dotted, last):
        found.add(RANDOM)
    if not stays_inside(dotted) and (dotted.startswith(_PROCESS_ROOTS) or last.startswith(_SETTING)):
        found.add(PROCESS)
    return frozenset(found)


def _is_random(dotted: str, last: str) -> bool:
    if last in _SEEDS or dotted.startswith(("numpy.random.", "random.", "torch.rand", "tensorflow.random.")):
        return last not in ("default_rng", "RandomState", "Generator", "Random", "SystemRandom")
    return dotted.startswith("torch.nn.") and last[:1].isupper()
