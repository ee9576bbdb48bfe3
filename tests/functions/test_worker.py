"""Jobs at work: what callers, producers and operators see."""

from __future__ import annotations

from rerank_gateway.domain.keys import hash_of_token
from tests.functions.account import Account, records_of, sync
from tests.functions.gateway import LEAST


def test_a_job_goes_from_pending_to_what_sync_would_have_answered(account: Account) -> None:
    """
    The result is the sync body but for ids and times.
    """
    body = LEAST | {"return_documents": True, "documents": ["Größe\t\u0001\u2028😀", {"text": "green apples", "id": 7}]}
    job_id = account.submit(body).json["id"]

    before = account.poll(job_id)
    assert account.work() == []
    after = account.poll(job_id)

    assert (before.status, before.headers["retry-after"], before.json["status"]) == (202, "1", "pending")
    assert after.status == 200
    assert "retry-after" not in after.headers
    assert (after.json["status"], after.json["status_code"]) == ("completed", 200)
    assert after.json["created_at"] <= after.json["completed_at"] < after.json["expires_at"]
    assert after.json["result"]["results"] == sync(body).json["results"]
    assert after.json["result"].keys() == sync(body).json.keys()
    assert "error" not in after.json


def test_two_messages_of_one_job_are_one_result(account: Account) -> None:
    """
    A repeated submission queues again; the second message finds the job done, or somebody at it.
    """
    once = {"idempotency-key": "order-66"}
    account.submit(LEAST, once)
    job_id = account.submit(LEAST, once).json["id"]

    again = account.work()

    assert len(again) <= 1
    assert account.poll(job_id).json["status"] == "completed"


def test_the_batch_in_events_ends_as_each_message_deserves(account: Account) -> None:
    """
    A job that is gone, a producer's request, and a broken one: nothing comes again, nothing hangs.
    """
    records = records_of("worker")
    item = {"key_hash": {"S": hash_of_token("sk-a")}, "id": {"S": "team-a"}, "models": {"SS": ["*"]}}
    account.client("dynamodb").put_item(TableName="keys", Item=item)

    assert account.work(records) == []

    direct, broken = (account.poll(record["messageId"], key="sk-a").json for record in records[1:])
    assert (direct["status"], len(direct["result"]["results"])) == ("completed", 2)
    assert (broken["status"], broken["status_code"]) == ("failed", 400)
    assert broken["error"]["error"]["message"] == "query is required for rerank"


def test_large_requests_and_results_take_the_detour(account: Account) -> None:
    """
    Beyond 200 KB both lie in the bucket, and nobody can tell but by looking there.
    """
    noise = [f"{n} " + "".join(chr(0x4E00 + (n * k) % 20000) for k in range(1, 3000)) for n in range(60)]
    body = LEAST | {"documents": noise, "return_documents": True}
    job_id = account.submit(body).json["id"]

    account.work()

    stored = [entry["Key"] for entry in account.client("s3").list_objects_v2(Bucket="payloads")["Contents"]]
    assert [place.split("/")[0] for place in stored] == ["payloads", "results"]
    assert account.poll(job_id).json["result"]["results"] == sync(body).json["results"]


def test_the_end_of_a_job_is_an_event(account: Account) -> None:
    """
    A thin event: which job, whose, how it ended, and nothing of what was ranked.
    """
    events = account.events()
    job_id = account.submit().json["id"]

    account.work()

    [event] = events()
    assert event["detail-type"] == "Rerank Job Completed"
    assert event["detail"].keys() == {
        "stack", "id", "status", "status_code", "owner", "model", "created_at", "completed_at"
    }  # fmt: skip
    assert (event["detail"]["id"], event["detail"]["model"]) == (job_id, "local/bm25")
