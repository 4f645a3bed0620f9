"""The pages of the kinds say of each field what the definitions say."""

from pathlib import Path

import pytest

from psa_operator.api.crd import RESOURCES, Resource
from psa_operator.api.reference import page_name, render_reference

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: each.kind)
def test_the_page_has_the_fields_of_the_models(resource: Resource) -> None:
    page = (DOCS / page_name(resource)).read_text()

    assert render_reference(page, resource) == page, "run `make crds`"


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="The page of PSAIntegration has no marks for spec"):
        render_reference("# PSAIntegration", RESOURCES[0])
