// Subscribes to a calendar as a program does: each line in is {url, etag}, each line out what came of it.
import { createInterface } from "node:readline";
import ICAL from "ical.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { url, etag } = JSON.parse(line);
  const answer = await fetch(url, { headers: etag ? { "If-None-Match": etag } : {} });
  const found = { status: answer.status, etag: answer.headers.get("etag"), events: {} };
  if (answer.status === 200) {
    found.type = answer.headers.get("content-type");
    const calendar = new ICAL.Component(ICAL.parse(await answer.text()));
    for (const component of calendar.getAllSubcomponents("vevent")) {
      const event = new ICAL.Event(component);
      found.events[event.uid] = { sequence: event.sequence, start: event.startDate.toString(), summary: event.summary };
    }
  }
  console.log(JSON.stringify(found));
}
