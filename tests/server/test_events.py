import asyncio

from jupyter_modelmgmt.registry import connect
from jupyter_modelmgmt.server.events import SCHEMA


async def test_a_change_of_another_process_reaches_the_event_stream_within_a_second(
    extension, jp_serverapp, classifier, tmp_path
):
    heard = asyncio.Queue()

    async def listen(logger, schema_id, data):
        heard.put_nowait(data)

    jp_serverapp.event_logger.add_listener(schema_id=SCHEMA, listener=listen)
    await extension._start_jupyter_server_extension(jp_serverapp)
    await asyncio.sleep(0.6)
    other = connect(extension.url)
    other.register(classifier, "digits")
    actions = []
    async with asyncio.timeout(1):
        while "version.registered" not in actions:
            actions.append((await heard.get())["action"])
    assert actions == ["model.created", "version.registered"]
    other.close()
