"""`make truth`: every script that comes with the lab, played in virtual time, and every verdict compared.

What is true is told by `netwatch.lab.world.truth`; what is said, by netwatch's own engines and judgement.
Here stands what counts as right. Of each unit, at every whole second from the beginning (*unit-seconds*):

- **False up**: *up* is said, and the unit was not up at any moment of the last `TO_DOWN` = 7.5 s.
- **False down**: *down* is said, and the unit was not down at any moment of the last `TO_UP` = 5 s. So is a
  gauge that shows another state than the decisions have told.
- **Needlessly unknown**: *unknown* is said, and throughout the last 5 s (7.5 s where the unit is down) an
  echo could have told how the unit is. Before the beginning nothing could.

An *up* stays right while the unit is up, and a *down* while it is down, also where nobody could see it;
*unknown* is right wherever the truth is not observable.

- **Late**: a unit could be seen to be down (or up) for 7.5 s (5 s) or more, and that was not said within
  them. *Delays* count from when it could first be seen to be so. What is over sooner need not be noticed.
- **Misdated**: *down* (or *up*), where it is first said of a stretch, is dated back to more than
  `DATING` = 1 s from when it began. Where that could not be seen, the date lies between then and
  `SIGHT` = 2.1 s after it could: a slot of a reference and one of the line, a second apart each.
- **Minute wrong**: a settled verdict that does not follow from the truth. Of the minute's seconds 80 % have
  to be observable, else it is *unknown*; half or more of those down make it *down*, else it is *up*. Where
  moving `EDGE` = 3 s of the minute from one kind to another changes that, either verdict is right.
- **Outage wrong**: *missed*, where the unit could be seen to be down for `outage_after` and `MARGIN` = 2 s,
  in stretches of 7.5 s or more; *false*, where the truth has none, or one that is shorter by as much;
  *misdated*, by more than 1 s for each line of the unit (its slots are those of one line, with what the
  others showed last). A beginning or an end that could not be seen may lie anywhere from then to where sight
  returned or was lost, give or take `SIGHT`.
- **Cause**: *right* where it is that of the truth, its root included; *undetermined* is *allowed* where the
  script gives no sign of the true cause, or began before every device had been polled once (`FIRST_POLL`),
  and *not allowed* elsewhere; all else is *wrong*. Of a box that hung, or lost power without a sign, and ran
  again within 60 s, *restart* is right as well: that is what a restart at about the beginning is.
"""
