/* Copy buttons: the copying is recorded first, then the value beside the button goes to the clipboard.
   A button that carries its own value (a reference, which is no personal value) copies it without a record.
   Without this script the buttons stay hidden. */

(() => {
    "use strict";

    const said = document.querySelector("[data-copied]");
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    if (!said || !token || !navigator.clipboard) {
        return;
    }

    async function record(button) {
        const body = new FormData();
        body.set("csrfmiddlewaretoken", token.value);
        body.set("field", button.dataset.copyField);
        const answer = await fetch(button.dataset.copyLog, { method: "POST", body, credentials: "same-origin" });
        if (answer.status !== 204) {
            throw new Error("not recorded");
        }
    }

    async function copy(button) {
        if (button.dataset.copyValue) {
            await navigator.clipboard.writeText(button.dataset.copyValue);
            return said.dataset.plain;
        }
        await record(button);
        await navigator.clipboard.writeText(button.previousElementSibling.textContent.replace(/[\s-]/g, ""));
        return said.dataset.copied;
    }

    document.querySelectorAll("[data-copy-name]").forEach((button) => {
        button.hidden = false;
        button.addEventListener("click", () => {
            said.textContent = "";
            copy(button).then(
                (words) => { said.textContent = `${button.dataset.copyName}: ${words}`; },
                () => { said.textContent = said.dataset.failed; },
            );
        });
    });
})();
