/* The photos of a case: zoom, pan, turn, light, side by side, full window. Each photo stays the one <img> of the page,
   for every fetch is recorded as a look. Without this script the photos are links that open them large. */

(() => {
    "use strict";

    const viewer = document.querySelector(".jkn-viewer");
    const stages = viewer ? [...viewer.querySelectorAll(".jkn-viewer-stage")] : [];
    if (!stages.length) {
        return;
    }
    const said = viewer.querySelector(".jkn-viewer-said");
    const bar = viewer.querySelector(".jkn-viewer-bar");
    const sliders = [...bar.querySelectorAll("input")];
    const MOST = 8;
    const STEP = 1.25;
    const MOVE = 40;
    const START = { zoom: 1, x: 0, y: 0, turn: 0, brightness: 100, contrast: 100 };
    const views = new Map(stages.map((stage) => [stage, { ...START }]));
    let current = stages[0];
    let linked = false;
    let mode = "";

    const picture = (stage) => stage.querySelector("img");
    const clamp = (value, least, most) => Math.min(most, Math.max(least, value));
    const turned = (view) => Math.abs(view.turn / 90) % 2 === 1;

    /* How large the photo stands on its stage at zoom 1, as it lies now. */
    function fitted(stage, view) {
        const img = picture(stage);
        const [width, height] = [img.naturalWidth || 1, img.naturalHeight || 1];
        const contained = Math.min(stage.clientWidth / width, stage.clientHeight / height);
        const lying = turned(view) ? Math.min(stage.clientWidth / height, stage.clientHeight / width) : contained;
        const [across, down] = turned(view) ? [height, width] : [width, height];
        return { factor: lying / contained, width: across * lying, height: down * lying };
    }

    /* The frames around what was read lie over the photo, wherever it is moved; their lines stay as thin as they are. */
    function frame(stage, img, moved, larger) {
        const places = stage.querySelector(".jkn-viewer-places");
        if (!places) {
            return;
        }
        const scale = Math.min(stage.clientWidth / (img.naturalWidth || 1), stage.clientHeight / (img.naturalHeight || 1));
        places.style.setProperty("width", `${img.naturalWidth * scale}px`);
        places.style.setProperty("height", `${img.naturalHeight * scale}px`);
        places.style.setProperty("transform", `translate(-50%, -50%) ${moved}`);
        places.style.setProperty("--jkn-thin", 1 / larger);
    }

    function draw(stage) {
        const view = views.get(stage);
        const fit = fitted(stage, view);
        const reach = { x: (fit.width * view.zoom - stage.clientWidth) / 2, y: (fit.height * view.zoom - stage.clientHeight) / 2 };
        view.x = clamp(view.x, -Math.max(0, reach.x), Math.max(0, reach.x));
        view.y = clamp(view.y, -Math.max(0, reach.y), Math.max(0, reach.y));
        const img = picture(stage);
        const moved = `translate(${view.x}px, ${view.y}px) rotate(${view.turn}deg) scale(${view.zoom * fit.factor})`;
        img.style.setProperty("transform", moved);
        frame(stage, img, moved, view.zoom * fit.factor);
        img.style.setProperty("filter", `brightness(${view.brightness}%) contrast(${view.contrast}%)`);
        stage.classList.toggle("is-large", view.zoom > 1);
    }

    function say(text) {
        said.textContent = text;
    }

    function tell() {
        const view = views.get(current);
        const words = viewer.dataset.state.replace("{zoom}", Math.round(view.zoom * 100)).replace("{turn}", ((view.turn % 360) + 360) % 360);
        say(`${current.dataset.kind}: ${words}`);
    }

    /* Changes the current photo; zoom and place of the others too while they are linked. */
    function change(changing) {
        for (const stage of linked ? stages : [current]) {
            changing(views.get(stage), stage);
            draw(stage);
        }
        tell();
    }

    /* Zooms so that the point of the stage at `x`, `y` (from its middle) stays where it is. */
    function zoom(by, x = 0, y = 0) {
        change((view) => {
            const next = clamp(view.zoom * by, 1, MOST);
            const grown = next / view.zoom;
            view.x = x - (x - view.x) * grown;
            view.y = y - (y - view.y) * grown;
            view.zoom = next;
        });
    }

    function move(x, y) {
        change((view) => {
            view.x += x;
            view.y += y;
        });
    }

    function choose(stage) {
        current = stage;
        stages.forEach((each) => each.classList.toggle("is-current", each === stage));
        sliders.forEach((slider) => {
            slider.value = views.get(stage)[slider.name];
        });
    }

    /* What lies around the viewer can neither be reached nor pressed while it fills the window. */
    function shut(others) {
        for (let part = viewer; part !== document.body; part = part.parentElement) {
            for (const sibling of part.parentElement.children) {
                if (sibling !== part) {
                    sibling.inert = others;
                }
            }
        }
    }

    function show(wanted) {
        mode = mode === wanted ? "" : wanted;
        viewer.classList.toggle("is-full", mode !== "");
        viewer.classList.toggle("is-compare", mode === "compare");
        document.documentElement.classList.toggle("jkn-viewer-open", mode !== "");
        shut(mode !== "");
        for (const name of ["compare", "full"]) {
            bar.querySelector(`[data-do="${name}"]`).setAttribute("aria-pressed", String(mode === name));
        }
        stages.forEach(draw);
        say(viewer.dataset[mode || "plain"]);
    }

    const DOES = {
        in: () => zoom(STEP),
        out: () => zoom(1 / STEP),
        fit: () => change((view) => Object.assign(view, { zoom: 1, x: 0, y: 0 })),
        left: () => change((view) => { view.turn -= 90; }),
        right: () => change((view) => { view.turn += 90; }),
        reset: () => {
            change((view) => Object.assign(view, START));
            choose(current);
        },
        link: (button) => {
            linked = !linked;
            button.setAttribute("aria-pressed", String(linked));
            say(linked ? viewer.dataset.linked : viewer.dataset.unlinked);
        },
        compare: () => show("compare"),
        full: () => show("full"),
    };
    const PRESSED = {
        "+": DOES.in,
        "=": DOES.in,
        "-": DOES.out,
        0: DOES.fit,
        ArrowLeft: () => move(MOVE, 0),
        ArrowRight: () => move(-MOVE, 0),
        ArrowUp: () => move(0, MOVE),
        ArrowDown: () => move(0, -MOVE),
    };

    /* Enlarges the place of a photo that `box` names: left, top, right, bottom as parts of it. */
    function place(stage, box) {
        const [left, top, right, bottom] = box.split(",").map(Number);
        choose(stage);
        change((view) => {
            Object.assign(view, { turn: 0, zoom: 1 });
            const fit = fitted(stage, view);
            const wide = (0.8 * stage.clientWidth) / ((right - left) * fit.width);
            const high = (0.5 * stage.clientHeight) / ((bottom - top) * fit.height);
            view.zoom = clamp(Math.min(wide, high), 1, MOST);
            view.x = -((left + right) / 2 - 0.5) * fit.width * view.zoom;
            view.y = -((top + bottom) / 2 - 0.5) * fit.height * view.zoom;
        });
    }

    function fromMiddle(stage, event) {
        const box = stage.getBoundingClientRect();
        return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
    }

    function attend(stage) {
        const fingers = new Map();
        const spread = () => {
            const [one, two] = fingers.values();
            return Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY) || 1;
        };

        stage.addEventListener("focus", () => choose(stage));
        stage.addEventListener("click", () => stage.focus());
        stage.addEventListener("dblclick", (event) => {
            const large = views.get(stage).zoom > 1;
            return large ? DOES.fit() : zoom(STEP ** 4, ...fromMiddle(stage, event));
        });
        stage.addEventListener("keydown", (event) => {
            const press = event.ctrlKey || event.altKey || event.metaKey ? null : PRESSED[event.key];
            if (press) {
                event.preventDefault();
                event.stopPropagation();
                press();
            }
        });
        /* The wheel alone scrolls the page, until the photo has been chosen. */
        stage.addEventListener("wheel", (event) => {
            if (event.ctrlKey || document.activeElement === stage) {
                event.preventDefault();
                zoom(event.deltaY < 0 ? STEP : 1 / STEP, ...fromMiddle(stage, event));
            }
        }, { passive: false });
        stage.addEventListener("pointerdown", (event) => {
            stage.focus({ preventScroll: true });
            stage.setPointerCapture(event.pointerId);
            fingers.set(event.pointerId, event);
        });
        stage.addEventListener("pointermove", (event) => {
            const before = fingers.get(event.pointerId);
            if (!before) {
                return;
            }
            const wide = fingers.size === 2 ? spread() : 0;
            fingers.set(event.pointerId, event);
            if (wide) {
                zoom(spread() / wide, ...fromMiddle(stage, event));
            } else if (fingers.size === 1) {
                move(event.clientX - before.clientX, event.clientY - before.clientY);
            }
        });
        for (const name of ["pointerup", "pointercancel"]) {
            stage.addEventListener(name, (event) => fingers.delete(event.pointerId));
        }
    }

    /* In place of a photo that is lost comes a drawing that says so, with status 404. */
    function isLost(img) {
        const fetched = performance.getEntriesByName(img.src).at(-1);
        return img.naturalWidth === 0 || fetched?.responseStatus === 404;
    }

    function arrived(stage) {
        const img = picture(stage);
        const lost = isLost(img);
        stage.removeAttribute("aria-busy");
        if (lost) {
            img.alt = viewer.dataset.lost;
            const notice = document.createElement("p");
            notice.className = "jkn-notice jkn-notice-bad";
            notice.setAttribute("role", "alert");
            notice.textContent = viewer.dataset.lost;
            stage.after(notice);
        }
        draw(stage);
    }

    function begin(stage) {
        const img = picture(stage);
        stage.removeAttribute("href");
        stage.removeAttribute("target");
        stage.tabIndex = 0;
        stage.setAttribute("role", "application");
        stage.setAttribute("aria-label", stage.dataset.label);
        stage.setAttribute("aria-busy", "true");
        img.alt = stage.dataset.kind;
        img.draggable = false;
        attend(stage);
        if (img.complete) {
            arrived(stage);
        } else {
            img.addEventListener("load", () => arrived(stage));
            img.addEventListener("error", () => arrived(stage));
        }
    }

    viewer.classList.add("is-live");
    bar.hidden = false;
    stages.forEach(begin);
    choose(stages[0]);
    bar.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button) {
            DOES[button.dataset.do](button);
        }
    });
    sliders.forEach((slider) => slider.addEventListener("input", () => {
        views.get(current)[slider.name] = Number(slider.value);
        draw(current);
        say(`${slider.labels[0].textContent.trim()}: ${slider.value} %`);
    }));
    /* A key of the page behind must not decide a case that nobody sees. */
    window.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && (mode || sliders.includes(event.target))) {
            event.preventDefault();
            if (mode && !sliders.includes(event.target)) {
                show(mode);
            }
            current.focus();
            return;
        }
        const element = mode && document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
        if (mode && (event.key === "?" || (element && !viewer.contains(element)))) {
            event.stopImmediatePropagation();
        }
    }, true);
    new ResizeObserver(() => stages.forEach(draw)).observe(viewer);

    /* A frame around each place where a value was read; the one whose field was clicked stands out. */
    function framed(stage, box) {
        let places = stage.querySelector(".jkn-viewer-places");
        if (!places) {
            places = document.createElement("span");
            places.className = "jkn-viewer-places";
            stage.append(places);
        }
        const [left, top, right, bottom] = box.split(",").map(Number);
        const mark = document.createElement("span");
        for (const [side, part] of [["left", left], ["top", top], ["width", right - left], ["height", bottom - top]]) {
            mark.style.setProperty(side, `${100 * part}%`);
        }
        places.append(mark);
        return mark;
    }

    for (const button of document.querySelectorAll(".jkn-desk-where")) {
        const stage = stages.find((each) => each.dataset.kind === button.dataset.photo);
        if (stage) {
            const mark = framed(stage, button.dataset.box);
            button.hidden = false;
            button.nextElementSibling.hidden = true;
            button.addEventListener("click", () => {
                viewer.querySelectorAll(".jkn-viewer-places .is-asked").forEach((each) => each.classList.remove("is-asked"));
                mark.classList.add("is-asked");
                place(stage, button.dataset.box);
            });
        }
    }
    stages.forEach(draw);
})();
