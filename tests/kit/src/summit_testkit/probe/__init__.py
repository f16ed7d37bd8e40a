"""Two small services on the real chassis, for tests of the chassis itself: a publisher of facts and a hearer of them.

The publisher speaks as registration, the hearer hears as notifications; each has a database of its own. The hearer writes
down every fact it applies and answers it with a fact of its own, so that a test can compare what was committed on one side
with what was stored in the streams and with what took effect on the other.
"""
