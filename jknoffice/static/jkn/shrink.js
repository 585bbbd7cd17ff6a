/* Makes a photo smaller before it is sent, so that it goes through a bad network: JPEG, its longest side at most as
   long as the server keeps it. Without this script, or where a browser cannot do it, the photo is sent as it is. */

(() => {
    "use strict";

    const QUALITY = 0.85;
    const SMALL_ENOUGH = 600 * 1024;

    async function smaller(file, longest) {
        const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
        const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
        if (scale === 1 && file.size <= SMALL_ENOUGH) {
            return file;
        }
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(picture.width * scale);
        canvas.height = Math.round(picture.height * scale);
        const brush = canvas.getContext("2d");
        brush.fillStyle = "white";
        brush.fillRect(0, 0, canvas.width, canvas.height);
        brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
        const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
        return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
    }

    async function shrink(input) {
        const [file] = input.files;
        if (!file) {
            return;
        }
        const better = await smaller(file, Number(input.dataset.longest));
        if (better !== file && input.files[0] === file) {
            const files = new DataTransfer();
            files.items.add(better);
            input.files = files.files;
        }
    }

    for (const input of document.querySelectorAll("input[type=file][data-longest]")) {
        let work = null;
        input.addEventListener("change", () => {
            // A file that the browser cannot read is the server's to judge.
            const mine = shrink(input).catch(() => {}).finally(() => {
                work = work === mine ? null : work;
            });
            work = mine;
        });
        input.form.addEventListener("submit", async (event) => {
            if (work) {
                event.preventDefault();
                await work;
                input.form.requestSubmit();
            }
        });
    }
})();
