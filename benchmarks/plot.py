"""The plot: what a scan costs against the size of the table."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt


def plot(points: list[tuple[int, float]], path: Path) -> None:
    """Draw (uncompressed bytes, seconds) and the line through the origin that fits them best."""
    sizes = [size / 1e6 for size, _ in points]
    seconds = [time for _, time in points]
    # Least squares of the relative error, so that each size counts alike.
    rates = [size / time for size, time in zip(sizes, seconds, strict=True)]
    slope = sum(rates) / sum(rate * rate for rate in rates)
    figure, axes = plt.subplots(figsize=(7, 4.5))
    axes.loglog(sizes, [slope * size for size in sizes], "-", color="0.7", label="linear fit")
    axes.loglog(sizes, seconds, "o", color="C0", label="scan to Arrow, one thread")
    axes.set_xlabel("uncompressed size, MB")
    axes.set_ylabel("seconds")
    axes.set_title(f"IoT table, {1 / slope:.0f} MB/s")
    axes.grid(True, which="major", color="0.9")
    axes.legend()
    plt.rcParams["svg.hashsalt"] = "cqlite"
    figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")
    plt.close(figure)
