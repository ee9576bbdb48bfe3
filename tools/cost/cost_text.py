"""The words of docs/cost.md."""

from __future__ import annotations

# ruff: noqa: E501
TEXT = """# What it costs

Computed by `make docs` (tools/cost) from [list prices](#the-prices) of us-east-1, in USD, without what is free, and from the
calls to AWS and the bytes of the log that a test counts in the running code. Nobody has checked it against a bill. What
providers ask is not in it.

- [Against its goals](#against-its-goals)
- [A million rerankings](#a-million-rerankings)
- [A million jobs](#a-million-jobs)
- [A million lines in a batch](#a-million-lines-in-a-batch)
- [Nothing](#nothing)
- [Beside a server](#beside-a-server)
- [The prices](#the-prices)

## Against its goals

| | goal | computed | met |
|---|---|---|---|
{goals}

## A million rerankings

Of a provider that takes 300 ms. `MemorySize` waits for it, which is most of the price; by whose key it is:

| `MemorySize` | the master key | a virtual key | one with a limit in dollars |
|---|---|---|---|
{rows}

With 512 MB and the master key that is

| part | USD |
|---|---|
{parts}

`LoggedSuccesses={logged}` has brief lines for the other successes: **{sampled:.2f}** in all. The rest of each line is its metrics,
which nobody may sample. `Tracing=Active` is {traced:.2f} more. Each metric that is sent all the time is {metric:.2f} a month beside
that: some four for a stack, and two for each target. Logs cost half with `LogClass=INFREQUENT_ACCESS`, which has no metrics.

## A million jobs

Submitted, done ten at a time, with results below 200 KB, polled once: **{job:.2f}**, of which

| part | USD |
|---|---|
{job_parts}

Without [events](jobs.md#events), with `EventBusName=""`, it is **{quiet:.2f}**, and **{least:.2f}** with `LoggedSuccesses={logged}` as
well. Polled three times it is {often:.2f}: ask again after `Retry-After`, and no earlier. `?wait=` is one poll, but a million
seconds of waiting are {wait:.2f}: for results that are about to come.

What stands between a job and its goal: two requests of API Gateway's, four writes of DynamoDB's and a message are
there by its promises. The first write is what a poll finds, and what a retry with the same `Idempotency-Key` meets; the second, a
lease, has two deliveries of one message ask a provider once; the third is the result. Fewer jobs with more documents each cost less.

## A million lines in a batch

Of a provider that takes 300 ms, with the master key: **{batch:.2f}**, of which

| part | USD |
|---|---|
{batch_parts}

A million jobs are {dearer:.0f} times that: a batch asks AWS once for each chunk of fifty lines, and tells the metrics of all lines of
an invocation at once. The log is {batch_log:.0%} of it, and with `LoggedSuccesses={logged}` all is **{batch_sampled:.2f}**. For a key with limits,
workers reserve for many lines at a time: {batch_limited:.2f} more. Each five seconds that a chunk takes it is recorded once more, for
{recorded:.2f}, if all of them are so slow. Workers who share the places of a provider with `max_parallel` are each paid while they
wait: a second one, where one would do, is {waiting:.2f} more. The files lie in S3 for {storage} a GB and month,
[as long as they are kept](batches.md#how-long-it-is-kept).

## Nothing

**{idle:.2f}** a month: 0.80 for two secrets, {watched:.2f} for the alarm that takes a bad update back, and {looks:.2f} for Lambda's looks into
five queues, of jobs, batches, webhooks and of the messages that SQS gave up, by our reckoning; SQS has an account's first
million requests free, which leaves {paid_looks:.2f} of them. Without the looks the goal is met, and no promise of a job or a batch can be
kept without them. The dashboard is free up to an account's third, and 3.00 after that; the alarms that write to `AlarmEmail`
are {mailed:.2f}, if you have them. An account's first ten metrics of alarms are free.

## Beside a server

LiteLLM's proxy on Fargate, two tasks of one vCPU and 2 GB, with a load balancer and the smallest PostgreSQL in one zone, is
**{server:.0f}** a month whether anybody asks or not. The gateway costs as much with {even:.0f} million rerankings a month, {rate:.0f}
a second all day; below that it is cheaper, and not above.

## The prices

| price | where it was read, and when |
|---|---|
{sources}
"""
