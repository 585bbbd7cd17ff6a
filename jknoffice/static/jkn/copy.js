/* Copy buttons: the copying is recorded first, then the value beside the button goes to the clipboard.
   Without this script the buttons stay hidden. */

(() => {
    "use strict";

    const said = document.querySelector("[data-copied]");
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    if (!said || !token || !navigator.clipboard) {
        return;
    }

    async function copy(button) {
        const body = new FormData();
        body.set("csrfmiddlewaretoken", token.value);
        body.set("field", button.dataset.copyField);
        const answer = await fetch(button.dataset.copyLog, { method: "POST", body, credentials: "same-origin" });
        if (answer.status !== 204) {
            throw new Error("not recorded");
        }
        await navigator.clipboard.writeText(button.previousElementSibling.textContent.replace(/[\s-]/g, ""));
    }

    document.querySelectorAll("[data-copy-log]").forEach((button) => {
        button.hidden = false;
        button.addEventListener("click", () => {
            said.textContent = "";
            copy(button).then(
                () => { said.textContent = `${button.dataset.copyName}: ${said.dataset.copied}`; },
                () => { said.textContent = said.dataset.failed; },
            );
        });
    });
})();
