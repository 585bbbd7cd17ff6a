/* Says two minutes before a session is over that it will be, and keeps it by a button. Once it is over the page is asked
   for anew, which leads to the log-in: a screen that was left alone shows nothing any more. Asking how long is left is no
   use of the session. Without this script a session ends without a word. */

(() => {
    "use strict";

    const SOON = 120;
    const REST = 15;
    const box = document.getElementById("jkn-session-ends");
    if (!box) {
        return;
    }
    const [said, form] = [box.querySelector("[role=alert]"), box.querySelector("form")];
    let end = Date.now() + Number(box.dataset.seconds) * 1000;
    let nextLook = 0;

    // By the clock on the wall: timers stand still while the machine sleeps.
    const left = () => (end - Date.now()) / 1000;

    function show(soon) {
        if (box.hidden === soon) {
            box.hidden = !soon;
            said.textContent = soon ? box.dataset.soon : "";
        }
    }

    async function ask(options) {
        // Another tab may have used the session meanwhile.
        const answer = await fetch(form.action, { redirect: "manual", ...options });
        if (!answer.ok) {
            location.replace(location.pathname + location.search);
            return;
        }
        end = Date.now() + (await answer.json()).seconds * 1000;
        show(left() <= SOON);
    }

    function look() {
        const known = left() > 0 && !box.hidden;
        if (left() > SOON || known || Date.now() < nextLook) {
            return;
        }
        nextLook = Date.now() + REST * 1000;
        ask({}).catch(() => show(true)); // the network is away for a moment
    }

    form.addEventListener("submit", (event) => {
        event.preventDefault();
        ask({ method: "POST", body: new FormData(form) }).catch(() => show(true));
    });
    setInterval(look, 1000);
})();
