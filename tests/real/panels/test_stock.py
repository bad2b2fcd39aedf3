"""The inventory scene of a company of Tryton and BottleCRM: the same comparisons that judge the demo company."""

from __future__ import annotations

import pytest

from tests.inventory.test_demand_figures import (  # noqa: F401
    test_a_line_is_likely_on_one_day_wherever_it_is_shown,
    test_open_orders_against_stock,
    test_pipeline_against_stock,
    test_what_to_do_next,
    test_who_goes_without,
)
from tests.inventory.test_stock_figures import (  # noqa: F401
    test_a_category_takes_its_part_of_the_moves,
    test_classes,
    test_cover_by_warehouse,
    test_key_figures,
    test_moves_in_and_out,
    test_pace_of_what_lies_there,
    test_speed_and_cover,
    test_stock_by_age,
    test_totals_are_one_figure_on_every_panel,
    test_twelve_months,
)

pytestmark = pytest.mark.real
