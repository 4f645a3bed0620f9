"""What the user wrote becomes what the engine works with."""

import pytest

from psa_operator.api.integration import PSAIntegration
from psa_operator.wiring import account_key


@pytest.mark.parametrize("url", ["https://a\u2100b.example", "https://[abc]"])
def test_a_url_that_no_parser_takes_still_names_an_account(url: str) -> None:
    spec = {
        "provider": {"connectWise": {"url": url, "companyId": "Acme"}},
        "credentialsSecretRef": {"name": "keys"},
    }
    integration = PSAIntegration.model_validate({"metadata": {"name": "a", "namespace": "b"}, "spec": spec})

    assert account_key(integration).endswith("/acme")
