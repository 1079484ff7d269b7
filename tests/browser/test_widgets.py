"""Widgets in a cell: what is clicked reaches the kernel."""

import nbformat


def notebook(server, name, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), server.folder / name)
    return name


def test_models_and_a_test_of_a_photo_work_in_cells(lab, server, registry, photo):
    registry.clone("blazeface", "widget-faces")
    registry.deploy("widget-faces", name="widget-faces")
    lab.notebook(
        notebook(
            server,
            "widgets.ipynb",
            "import jupyter_modelmgmt as mm\nm = mm.widgets.Models('widget-faces')\nm",
            "print('selected', m.selected)",
            "t = mm.widgets.Test('widget-faces')\nt",
            "print('boxes', len(t.prediction['boxes']))",
        )
    )
    lab.cell(0)
    tree = lab.page.locator(".jp-OutputArea").get_by_role("tree", name="Models")
    tree.get_by_role("treeitem", name="widget-faces").click()
    lab.cell(1)
    lab.find("text=selected widget-faces")
    lab.cell(2)
    lab.page.locator(".jp-OutputArea").get_by_label("Image file").set_input_files(photo)
    lab.page.locator(".jp-OutputArea").get_by_role("button", name="Predict").click()
    lab.find(".jp-OutputArea .jp-modelmgmt-Box[data-label=face]", within_s=30)
    lab.picture("widgets-light")
    lab.cell(3)
    lab.find("text=boxes 1")
