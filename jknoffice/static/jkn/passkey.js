/* The button of a passkey: asks the browser for what the server wants signed, puts the answer into the form, and sends
   the form. The server judges. Without this script the button stays hidden. */

(() => {
    "use strict";

    const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
        .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    const bytes = (base64url) => Uint8Array.from(
        atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0),
    );
    const named = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

    function asked(json) {
        const given = JSON.parse(json);
        given.challenge = bytes(given.challenge);
        if (given.user) {
            given.user.id = bytes(given.user.id);
            given.excludeCredentials = named(given.excludeCredentials);
        } else {
            given.allowCredentials = named(given.allowCredentials);
        }
        return { publicKey: given };
    }

    function answered(credential) {
        const response = {};
        for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
            if (credential.response[name]) {
                response[name] = text(credential.response[name]);
            }
        }
        return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
    }

    const reasons = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known", SecurityError: "elsewhere" };

    /* A page that answered a form, and carries it, has no address of its own: the form is sent without a proof. */
    function askAnew(form) {
        if ("carries" in form.dataset) {
            form.querySelectorAll("[name=proof]").forEach((typed) => { typed.disabled = true; });
            form.submit();
        } else {
            location.replace(location.pathname + location.search);
        }
    }

    /* Of two clicks the second would find the code used, and its answer would hide that of the first. */
    document.querySelectorAll("form[data-carries]").forEach((form) => {
        form.addEventListener("submit", (event) => {
            if ("sent" in form.dataset) {
                event.preventDefault();
            }
            form.dataset.sent = "";
        });
        addEventListener("pageshow", (event) => {
            if (event.persisted) { // somebody came back by the browser's own button
                delete form.dataset.sent;
            }
        });
    });

    document.querySelectorAll(".jkn-passkey").forEach((box) => {
        const [button, field] = [box.querySelector("button"), box.querySelector("input")];
        const said = box.querySelector("[role=alert]");
        button.hidden = false;
        if (!window.PublicKeyCredential) {
            button.disabled = true;
            said.textContent = box.dataset.unknown;
            return;
        }
        if (button.autofocus) {
            button.focus(); // hidden until now
        }
        button.addEventListener("click", async () => {
            // What is asked is forgotten after a while: ask anew, rather than let a finger be shown in vain.
            if (performance.now() > box.dataset.seconds * 1000) {
                askAnew(box.closest("form"));
                return;
            }
            said.textContent = "";
            button.disabled = true;
            try {
                field.value = answered(await navigator.credentials[box.dataset.way](asked(box.dataset.options)));
                box.closest("form").submit();
            } catch (error) {
                said.textContent = box.dataset[reasons[error.name] || "failed"];
                button.disabled = false;
                button.focus();
            }
        });
    });
})();
