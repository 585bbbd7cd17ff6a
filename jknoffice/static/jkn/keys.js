/* Single keys for the desk: an element with data-key is pressed by that key; "?" shows which there are.
   They can be switched off (WCAG 2.2, 2.1.4), and never act while somebody types. Without this script all works too. */

(() => {
    "use strict";

    const STORED = "jkn-keys-off";
    const panel = document.getElementById("desk-keys");
    if (!panel) {
        return;
    }
    const list = panel.querySelector("dl");
    const toggle = panel.querySelector("button");
    let off = remembered();

    function remembered() {
        try {
            return localStorage.getItem(STORED) === "1";
        } catch {
            return false;
        }
    }

    function remember() {
        try {
            localStorage.setItem(STORED, off ? "1" : "0");
        } catch {
            /* A browser that keeps nothing asks again on the next page. */
        }
    }

    function say() {
        toggle.textContent = off ? panel.dataset.on : panel.dataset.off;
    }

    function typing(target) {
        const types = ["checkbox", "radio", "submit", "button"];
        const field = ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName) && !types.includes(target.type);
        return target.isContentEditable || field;
    }

    function press(element) {
        element.click();
        if (element.tagName === "INPUT") {
            element.focus();
        }
        const field = element.parentElement.querySelector("select, textarea, input:not([type=hidden])");
        if (element.tagName === "SUMMARY" && element.parentElement.open && field) {
            field.focus();
        }
    }

    document.querySelectorAll("[data-key]").forEach((element) => {
        const row = list.appendChild(document.createElement("div"));
        row.appendChild(document.createElement("dt")).textContent = element.dataset.keyLabel || element.textContent.trim();
        row.appendChild(document.createElement("dd")).textContent = element.dataset.key.toUpperCase();
    });
    toggle.addEventListener("click", () => {
        off = !off;
        remember();
        say();
    });
    document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || typing(event.target)) {
            return;
        }
        if (event.key === "?") {
            panel.hidden = !panel.hidden;
            if (!panel.hidden) {
                toggle.focus();
            }
            return;
        }
        const element = off ? null : document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
        if (element) {
            event.preventDefault();
            press(element);
        }
    });
    say();
    document.getElementById("desk-keys-hint").hidden = false;
})();
