"""``python -m aiperf_caravan``."""

from aiperf_caravan import main

main()
