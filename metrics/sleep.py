"""Winter sleep: which long silences after an election are no accident of a rare poster."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from metrics.estimates import Params, People, fetch
from metrics.stats import benjamini_hochberg, longest_gap_probability


def findings(con: duckdb.DuckDBPyConnection, people: People, params: Params) -> pa.Table:
    """Every candidate with its probability by chance, and whether it is published."""
    candidates = fetch(
        con, "select * from silence where is_candidate order by person_key, first_day"
    )
    active = fetch(con, "select person_key, count(*) as days from active_day group by person_key")
    active_days = people.spread(active["person_key"], active["days"])
    person = people.place(candidates["person_key"])
    length = candidates["days"].astype(float)
    covered = people.days["covered_days"].astype(float)
    p_value = longest_gap_probability(active_days[person], covered[person], length)
    per_person = np.ones(people.size)
    order = np.argsort(length, kind="stable")
    per_person[person[order]] = p_value[order]  # the longest candidate is written last
    allowed = benjamini_hochberg(per_person[covered > 0], params.real("sleep_error"))
    is_far_longer = length >= params.real("sleep_factor") * candidates["longest_other"]
    return pa.table(
        {
            "person_key": pa.array(candidates["person_key"], pa.int32()),
            "first_day": pa.array(candidates["first_day"], pa.int32()),
            "p_value": p_value,
            "is_winter_sleep": (p_value <= allowed) & is_far_longer,
        }
    )
