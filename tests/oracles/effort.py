"""How many worlds a test looks at.

HYPOTHESIS_PROFILE=thorough looks at twenty times as many and shrinks what it finds.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

THOROUGH = 20


def examples(count: int) -> Callable[[Any], Any]:
    is_thorough = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
    quick = (Phase.explicit, Phase.generate)
    return settings(
        phases=tuple(Phase) if is_thorough else quick,
        max_examples=count * THOROUGH if is_thorough else count,
        derandomize=not is_thorough,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
