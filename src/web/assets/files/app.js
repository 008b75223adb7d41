/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every page works without these modules; they only make some gestures quicker. All listeners sit on the
 * document, so that what a live swap brings in needs no set-up. No module holds a word: words are in the page. */
import "./frame.js";
import "./live.js";
import "./suggest.js";
import "./forms.js";
import "./map.js";
import "./progress.js";

document.documentElement.classList.add("has-script");
