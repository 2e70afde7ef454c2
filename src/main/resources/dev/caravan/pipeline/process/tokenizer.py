# Loads a tokenizer the way aiperf does, after guard.py. Arguments: model, tokenizer or an empty
# string, revision. Exits with 0, or with 3 and the reason on stderr if it cannot be loaded.
try:
    from aiperf.common.tokenizer import Tokenizer
except ImportError as error:
    sys.exit("this aiperf has no aiperf.common.tokenizer: " + str(error))

model, tokenizer, revision = sys.argv[1:]


def is_placeholder(name):
    try:
        from aiperf.common.tokenizer_fake_names import is_fake_model_name
    except ImportError:
        return False  # an older aiperf without placeholder names
    return is_fake_model_name(name)


def reason(name, error):
    text = " ".join(str(error).split()) or type(error).__name__
    if not name.startswith((".", "/")):
        return text
    headline = "Failed to load tokenizer '" + name + "': "
    if not os.path.isdir(name):
        return headline + "there is no folder " + os.path.abspath(name)
    if os.environ.get("HF_HUB_OFFLINE"):
        return headline + "unset HF_HUB_OFFLINE, with which aiperf asks the hub for a folder; " + text
    return text


name = tokenizer or ("builtin" if is_placeholder(model) else model)
try:
    Tokenizer.from_pretrained(name, revision=revision)
except Exception as error:
    print(reason(name, error), file=sys.stderr)
    sys.exit(3)
