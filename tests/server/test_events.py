import asyncio
from pathlib import Path

from jupyter_modelmgmt.registry import connect
from jupyter_modelmgmt.server.events import SCHEMA


async def eventually(holds, seconds=60):
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.05)


async def test_deployments_end_with_the_server_and_come_back_with_the_next(extension, registry, classifier):
    registry.register(classifier, "digits")
    registry.deploy("digits", name="svc")
    pid = registry.running_host().status()["pid"]
    await extension.stop_extension()
    await eventually(lambda: not Path(f"/proc/{pid}").exists())
    again = connect(extension.url)
    again.resume_deployments()
    await eventually(lambda: again.deployment("svc").state == "Deployed" and again.running_host())
    again.stop("svc")
    again.running_host().shutdown()
    again.close()


async def test_a_change_of_another_process_reaches_the_event_stream(extension, jp_serverapp, classifier, tmp_path):
    heard = asyncio.Queue()

    async def listen(logger, schema_id, data):
        heard.put_nowait(data)

    jp_serverapp.event_logger.add_listener(schema_id=SCHEMA, listener=listen)
    await extension._start_jupyter_server_extension(jp_serverapp)
    await asyncio.sleep(0.6)
    other = connect(extension.url)
    other.register(classifier, "digits")
    actions = []
    async with asyncio.timeout(30):  # a second is promised, to a machine that does nothing else
        while "version.registered" not in actions:
            actions.append((await heard.get())["action"])
    assert actions == ["model.created", "version.registered"]
    other.close()
