from starlette.testclient import TestClient


def test_a_product_shows_a_picture_that_browsers_may_keep(anonymous: TestClient) -> None:
    drawn = anonymous.get("/pictures/banana.svg")

    assert drawn.status_code == 200
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.headers["cache-control"] == "public, max-age=86400"
    assert drawn.headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in drawn.headers["content-security-policy"]
    assert drawn.text.startswith("<svg ")
