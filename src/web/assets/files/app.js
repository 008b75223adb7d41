/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every page works without this file; it only makes some of them quicker. */
document.documentElement.classList.add("has-script");
