// Reads calendars as other people's programs do. One JSON line in ({reader, text}), one JSON line out.
import { createInterface } from "node:readline";
import ICAL from "ical.js";
import nodeIcal from "node-ical";

function withIcalJs(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  }
  const events = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      sequence: event.sequence,
      summary: event.summary,
      description: event.description,
      allDay: event.startDate.isDate,
      start: event.startDate.toString(),
      end: event.endDate.toString(),
      startSeconds: event.startDate.toUnixTime(),
      seconds: event.duration.toSeconds(),
      transparency: component.getFirstPropertyValue("transp"),
      alarms: component.getAllSubcomponents("valarm").length,
    };
  });
  const value = (name) => calendar.getFirstPropertyValue(name);
  return {
    name: value("name"),
    wrName: value("x-wr-calname"),
    description: value("description"),
    refresh: value("refresh-interval").toSeconds(),
    zones: calendar.getAllSubcomponents("vtimezone").length,
    events,
  };
}

function withNodeIcal(text) {
  const found = Object.values(nodeIcal.sync.parseICS(text));
  const events = found
    .filter((entry) => entry.type === "VEVENT")
    .map((entry) => ({
      uid: entry.uid,
      sequence: Number(entry.sequence),
      summary: entry.summary,
      allDay: entry.datetype === "date",
      start: entry.datetype === "date" ? dateOf(entry.start) : entry.start.toISOString(),
      end: entry.datetype === "date" ? dateOf(entry.end) : entry.end.toISOString(),
      transparency: entry.transparency,
    }));
  return { events };
}

function dateOf(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const readers = { "ical.js": withIcalJs, "node-ical": withNodeIcal };
for await (const line of createInterface({ input: process.stdin })) {
  const { reader, text } = JSON.parse(line);
  let answer;
  try {
    answer = readers[reader](text);
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
