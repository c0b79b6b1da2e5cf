"""Where the real contact data lie, and what is expected of them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "data"
EXPECTED = DATA / "expected.json"
CONTACTS = {
    "sfhh2009": ROOT / "webapp" / "demo" / "data" / "sfhh2009.dat.gz",
    "invs15": DATA / "invs15" / "workplace_InVS15_tij.dat.gz",
}
GROUPS = {"invs15": DATA / "invs15" / "workplace_InVS15_metadata.txt"}
CONVERSATIONS = {name: DATA / f"conversations_{name}.csv" for name in CONTACTS}
