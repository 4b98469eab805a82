// Photos: sending one before the message that carries it, and showing those that a message carries.

import { element } from "./log.js";

export const MOST_PHOTOS = 9;

// The name under which the server keeps a photo; throws an Error whose message is the sentence to show.
export async function upload(token, file) {
  let response;
  try {
    response = await fetch("api/photos", {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/octet-stream" },
      body: file,
    });
  } catch (error) {
    throw new Error("照片没有发出去，请看看网络再试。", { cause: error });
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || "照片没有发出去，请再试一次。");
  return body.photo;
}

// An image cannot show the token by itself, so that it is fetched with it.
export function shown(token, path) {
  const box = element("div", "photo", "照片");
  fetch(`api/photos/${path}`, { headers: { Authorization: `Bearer ${token}` } })
    .then((response) => (response.ok ? response.blob() : null))
    .then((blob) => {
      if (!blob) return;
      const image = element("img");
      image.alt = "照片";
      image.src = URL.createObjectURL(blob);
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
      box.replaceChildren(image);
    })
    .catch((error) => console.warn("photo not shown", error));
  return box;
}
