// Reads iCalendar objects (a JSON list of texts on standard input) as mail programs do, and says what it understood.
import ICAL from "ical.js";
import { readFileSync } from "node:fs";

const texts = JSON.parse(readFileSync(0, "utf8"));
const people = (property) => ({ name: property.getParameter("cn"), address: property.getFirstValue() });

const understood = texts.map((text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      sequence: event.sequence,
      status: component.getFirstPropertyValue("status"),
      start: event.startDate.toJSDate().toISOString(),
      end: event.endDate.toJSDate().toISOString(),
      zone: event.startDate.zone.tzid,
      summary: event.summary,
      language: component.getFirstProperty("summary").getParameter("language"),
      description: event.description,
      location: event.location,
      organizer: people(component.getFirstProperty("organizer")),
      attendees: event.attendees.map(people),
    };
  });
  return {
    method: calendar.getFirstPropertyValue("method"),
    version: calendar.getFirstPropertyValue("version"),
    zones: calendar.getAllSubcomponents("vtimezone").length,
    events,
  };
});
process.stdout.write(JSON.stringify(understood));
