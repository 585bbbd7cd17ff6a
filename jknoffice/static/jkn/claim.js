/* Warns before a claim lapses: three minutes before its end politely, in its last minute at once, and keeps it without
   leaving the page, so that nothing typed there is lost. Without this script the page says the time in words. */

(() => {
    "use strict";

    const SOON = 180;
    const LAST = 60;
    const THANKS = 10;
    const box = document.getElementById("desk-claim");
    if (!box) {
        return;
    }
    const [polite, urgent] = [box.querySelector("[role=status]"), box.querySelector("[role=alert]")];
    const form = box.querySelector("form");
    const until = document.getElementById("desk-claim-until");
    let end = Date.now() + Number(box.dataset.seconds) * 1000;
    let stage = "";
    let kept = 0;

    function say(status, alert) {
        polite.textContent = status;
        urgent.textContent = alert;
    }

    function show(next, looks) {
        stage = next;
        box.className = `jkn-claim ${looks}`;
        form.hidden = !["soon", "last"].includes(next);
    }

    function look() {
        // By the clock on the wall: timers stand still while the machine sleeps.
        const left = (end - Date.now()) / 1000;
        const next = left <= 0 ? "over" : left <= LAST ? "last" : left <= SOON ? "soon" : "";
        if (next === stage || (stage === "kept" && Date.now() < kept + THANKS * 1000)) {
            return;
        }
        show(next, { soon: "jkn-notice jkn-notice-warn", "": "" }[next] ?? "jkn-notice jkn-notice-bad");
        say(next === "soon" ? box.dataset.soon : "", ["last", "over"].includes(next) ? box.dataset[next] : "");
    }

    async function keep() {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
        const told = await answer.json();
        if (!answer.ok) {
            say("", told.said);
            return;
        }
        kept = Date.now();
        end = kept + told.seconds * 1000;
        until.textContent = told.until;
        show("kept", "jkn-notice jkn-notice-good");
        say(told.said, "");
    }

    form.addEventListener("submit", (event) => {
        event.preventDefault();
        // An answer that is no JSON comes from a log-in page or a server that is down.
        keep().catch(() => say("", box.dataset.failed));
    });
    setInterval(look, 1000);
    look();
})();
