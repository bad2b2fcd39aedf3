"""The overview and the sales page of a company of Tryton and BottleCRM, judged as the demo company's are."""

from __future__ import annotations

import pytest

from tests.desk.test_overview import (  # noqa: F401
    test_booked_by_region_is_the_source,
    test_filters_narrow_as_the_source_does,
    test_the_desk_and_the_wall_say_the_same,
)
from tests.desk.test_overview import (  # noqa: F401
    test_the_parts_sum_to_the_whole as test_the_parts_of_the_overview_sum_to_the_whole,
)
from tests.desk.test_sales import (  # noqa: F401
    test_contracts,
    test_each_exception_is_its_cases,
    test_filters_compose_in_any_order,
    test_headline_figures,
    test_stages,
    test_the_panels_agree,
    test_the_parts_sum_to_the_whole,
    test_the_quarter,
    test_the_steps,
    test_what_no_invoice_covers_is_late_or_past_due,
)

pytestmark = pytest.mark.real
