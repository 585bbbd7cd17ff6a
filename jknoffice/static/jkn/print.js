/* The button that prints. Without this script it stays hidden, and the browser's own menu prints. */

(() => {
    "use strict";

    document.querySelectorAll("[data-print]").forEach((button) => {
        button.hidden = false;
        button.addEventListener("click", () => window.print());
    });
})();
