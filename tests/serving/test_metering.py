"""What is counted of answers, and how Prometheus reads it."""

import pytest

from jupyter_modelmgmt.serving.metering import Meter

TIMES = [0.001 * n for n in range(1, 1001)]


def lines(meter):
    text = meter.page().body.decode()
    return dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))


def test_calls_errors_and_times_are_counted_by_deployment_and_version():
    meter = Meter()
    for status, seconds in ((200, 0.001), (200, 0.004), (400, 0.2), (503, 99.0), (503, 0.0)):
        meter.count("digits", "1.0.0", status, seconds)
    meter.count("digits", "2.0.0", 200, 0.004)
    found, of = lines(meter), '{deployment="digits",version="1.0.0"}'
    assert found[f"modelmgmt_requests_total{of}"] == "5.0"
    assert found['modelmgmt_requests_total{deployment="digits",version="2.0.0"}'] == "1.0"
    assert found['modelmgmt_errors_total{deployment="digits",status="503",version="1.0.0"}'] == "2.0"
    steps = {
        bound: found[f'modelmgmt_request_seconds_bucket{{deployment="digits",le="{bound}",version="1.0.0"}}']
        for bound in ("0.001", "0.0025", "0.005", "0.25", "30.0", "+Inf")
    }
    assert list(steps.values()) == ["2.0", "2.0", "3.0", "4.0", "4.0", "5.0"]
    assert found[f"modelmgmt_request_seconds_count{of}"] == "5.0"
    assert float(found[f"modelmgmt_request_seconds_sum{of}"]) == pytest.approx(99.205)


def test_quantiles_are_off_by_a_twentieth_at_most():
    meter = Meter()
    assert meter.figures("digits", "1.0.0").quantile_ms(0.5) is None
    for seconds in TIMES:
        meter.count("digits", "1.0.0", 200, seconds)
    for share in (0.01, 0.5, 0.99, 1.0):
        found = meter.figures("digits", "1.0.0").quantile_ms(share)
        assert found == pytest.approx(TIMES[round(share * 1000) - 1] * 1000, rel=0.051)


def test_what_is_forgotten_begins_with_nothing():
    meter = Meter()
    meter.count("digits", "1.0.0", 500, 0.1)
    meter.count("digits2", "1.0.0", 200, 0.1)
    meter.forget("digits")
    assert meter.figures("digits", "1.0.0").calls == 0
    assert not any(
        line.endswith(" 1.0") and '"digits"' in line for line in meter.page(only="digits").body.decode().splitlines()
    )
    assert 'deployment="digits2"' in meter.page(only="digits2").body.decode()
